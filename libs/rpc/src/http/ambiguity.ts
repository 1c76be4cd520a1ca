import type { IncomingMessage } from "node:http";

/** Headers of which a request has one at most: of several, a proxy before this server may have believed another. */
const SINGLE = ["host", "authorization", "content-type", "content-length", "origin"];

/** What of a request can be read in two ways, and what to send instead; `undefined` for one that has one meaning. */
export function ambiguityOf({
  rawHeaders,
  url = "",
  httpVersion,
}: Pick<IncomingMessage, "rawHeaders" | "url" | "httpVersion">): string | undefined {
  const names = rawHeaders.filter((_, i) => i % 2 === 0).map(name => name.toLowerCase());
  const twice = SINGLE.find(name => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice !== undefined) return `send one ${twice} header`;
  // HTTP/1.0 knows requests without one; which names are let in is decided elsewhere.
  const host = names.includes("host") ? rawHeaders[2 * names.indexOf("host") + 1] : undefined;
  if (host === "" || (host === undefined && httpVersion !== "1.0")) return "name the server in the host header";
  if (url.startsWith("/") || url === "*") return undefined;
  // The absolute form, which is meant for proxies: it must name the server that Host names.
  const authority = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1];
  if (authority === undefined) return "send a path";
  return authority.toLowerCase() === host?.toLowerCase()
    ? undefined
    : "let the URL and the host header name one server";
}
