import { CodedError } from "@sprtn/primitives";

/** What a page lacks in order to prove; docs/browser.md says how to serve it. */
export enum BrowserErrorCode {
  /** A file that proving in a page needs is not where it was looked for. */
  ASSET_MISSING = "BROWSER_ASSET_MISSING",
  /** A file is there, but is not what `writeBrowserAssets` wrote. */
  ASSET_DAMAGED = "BROWSER_ASSET_DAMAGED",
  /** More than one thread was asked for in a page that may not share memory. */
  NOT_ISOLATED = "BROWSER_NOT_ISOLATED",
}

/** The URL that the error is about, with the server's status or the lengths in bytes. */
export type BrowserErrorPayload = Partial<{
  readonly url: string;
  readonly status: number;
  readonly bytes: number;
  readonly expected: number;
}>;

export class BrowserError extends CodedError<BrowserErrorCode, BrowserErrorPayload> {}
