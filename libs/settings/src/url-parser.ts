import type { Parser } from "./parser.js";

/**
 * A URL of one of `protocols` ("http", "https" by default), without a slash at its end. A password inside is not shown
 * by `format`.
 */
export function url(protocols: readonly string[] = ["http", "https"]): Parser<string> {
  return {
    expected: `a URL that begins with ${protocols.map(protocol => `${protocol}://`).join(" or ")}`,
    read(value) {
      if (!URL.canParse(value)) return undefined;
      const { protocol, hostname } = new URL(value);
      return protocols.includes(protocol.slice(0, -1)) && hostname !== "" ? value.replace(/\/+$/, "") : undefined;
    },
    format: value => value.replace(/(\/\/[^/@:]*):[^/@]*@/, "$1:[secret]@"),
  };
}
