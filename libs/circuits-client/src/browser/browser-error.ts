import { CodedError } from "@sprtn/primitives";

export enum BrowserErrorCode {
  /** A file that proving in a page needs is not where it was looked for. */
  ASSET_MISSING = "BROWSER_ASSET_MISSING",
  /** A file is there, but is not what `writeBrowserAssets` wrote. */
  ASSET_DAMAGED = "BROWSER_ASSET_DAMAGED",
  /** More than one thread was asked for in a page that may not share memory. */
  NOT_ISOLATED = "BROWSER_NOT_ISOLATED",
}

export type BrowserErrorPayload = Partial<{
  readonly url: string;
  readonly status: number;
  readonly bytes: number;
  readonly expected: number;
}>;

export class BrowserError extends CodedError<BrowserErrorCode, BrowserErrorPayload> {}
