import { messageOf } from "@sprtn/primitives";
import { ASSET_LIST, type AssetList } from "../browser-assets/asset-list.js";
import { BrowserError, BrowserErrorCode } from "./browser-error.js";

const REMEDY =
  "serve there the files that writeBrowserAssets of @sprtn/circuits-client/browser-assets writes (docs/browser.md)";

/** The files that `writeBrowserAssets` wrote, over HTTP; each failure names the file's URL. */
export class ServedAssets {
  private constructor(
    private readonly base: URL,
    readonly list: AssetList,
  ) {}

  /** @throws BrowserError ASSET_MISSING, ASSET_DAMAGED */
  static async open(base: URL): Promise<ServedAssets> {
    const url = new URL(ASSET_LIST, base);
    const bytes = await fetchBytes(url);
    const list = parsed(url, bytes) as Partial<AssetList> | null;
    if (list?.format !== 1 || typeof list.files !== "object")
      throw new BrowserError(
        BrowserErrorCode.ASSET_DAMAGED,
        `${url.href} is not a list of assets of this version: ${REMEDY}`,
        { url: url.href },
      );
    return new ServedAssets(base, list as AssetList);
  }

  url(name: string): URL {
    return new URL(name, this.base);
  }

  /** @throws BrowserError ASSET_MISSING, ASSET_DAMAGED */
  async bytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await fetchBytes(this.url(name));
    this.#requireLength(name, bytes.length);
    return bytes;
  }

  /** @throws BrowserError ASSET_MISSING, ASSET_DAMAGED */
  async json(name: string): Promise<unknown> {
    return parsed(this.url(name), await this.bytes(name));
  }

  /** That a file is there which somebody else will fetch. @throws BrowserError ASSET_MISSING */
  async require(name: string): Promise<void> {
    await ask(this.url(name), "HEAD");
  }

  #requireLength(name: string, bytes: number): void {
    const expected = this.list.files[name];
    if (expected === undefined || expected === bytes) return;
    const url = this.url(name).href;
    throw new BrowserError(
      BrowserErrorCode.ASSET_DAMAGED,
      `${url} has ${bytes} bytes, not ${expected}: it is truncated or belongs to another version; ${REMEDY}`,
      { url, bytes, expected },
    );
  }
}

async function fetchBytes(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const response = await ask(url, "GET");
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw missing(url, `broke off (${messageOf(error)})`, { cause: error });
  }
}

async function ask(url: URL, method: "GET" | "HEAD"): Promise<Response> {
  const response = await fetch(url, { method }).catch((error: unknown) => {
    throw missing(url, `cannot be reached (${messageOf(error)})`, { cause: error });
  });
  const { status } = response;
  if (!response.ok) throw missing(url, `is not served: HTTP status ${status}`, { status });
  // What servers of single-page applications answer for every path that they do not know.
  if (response.headers.get("content-type")?.startsWith("text/html") === true)
    throw missing(url, "is not served: the server returned an HTML page instead", { status });
  return response;
}

function parsed(url: URL, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new BrowserError(
      BrowserErrorCode.ASSET_DAMAGED,
      `${url.href} is not JSON: ${REMEDY}`,
      { url: url.href },
      { cause: error },
    );
  }
}

function missing(
  url: URL,
  what: string,
  { cause, ...answer }: { readonly status?: number; readonly cause?: unknown },
): BrowserError {
  const payload = { url: url.href, ...answer };
  return new BrowserError(BrowserErrorCode.ASSET_MISSING, `${url.href} ${what}; ${REMEDY}`, payload, { cause });
}
