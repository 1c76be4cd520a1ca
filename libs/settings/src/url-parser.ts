import { hasControlCharacters } from "./control-characters.js";
import type { Parser } from "./parser.js";

const HIDDEN = "[secret]";

/**
 * A URL of one of `protocols` ("http", "https" by default), without a slash at its end. User name, password, path and
 * query may hold keys: neither `format` nor `redact` shows them.
 */
export function url(protocols: readonly string[] = ["http", "https"]): Parser<string> {
  return {
    expected: expectedOf(protocols),
    read: value => (read(value, protocols) === undefined || !isDecodable(value) ? undefined : trimmed(value)),
    format: shownUrl,
    redact: shownUrl,
    advise: adviceOnPercent,
  };
}

/** The RPC URL of a node, which takes no credentials: fetch refuses URLs that have some. */
export const nodeUrl: Parser<string> = {
  expected: expectedOf(["http", "https"]),
  read(value) {
    const parsed = read(value, ["http", "https"]);
    return parsed === undefined || hasCredentials(parsed) ? undefined : trimmed(value);
  },
  redact: shownUrl,
  advise(value) {
    const parsed = read(value, ["http", "https"]);
    if (parsed === undefined || !hasCredentials(parsed)) return undefined;
    return (
      "give the URL without user name and password: a node takes none, and a prover node knows its agents by " +
      "PROVER_BROKER_TOKEN; if a proxy asks for them, use one that does not, or an address behind it"
    );
  },
};

function expectedOf(protocols: readonly string[]): string {
  return `a URL that begins with ${protocols.map(protocol => `${protocol}://`).join(" or ")}`;
}

function read(value: string, protocols: readonly string[]): URL | undefined {
  if (hasControlCharacters(value) || !URL.canParse(value)) return undefined;
  const parsed = new URL(value);
  return protocols.includes(parsed.protocol.slice(0, -1)) && parsed.hostname !== "" ? parsed : undefined;
}

function trimmed(value: string): string {
  return value.replace(/\/+$/, "");
}

function hasCredentials({ username, password }: URL): boolean {
  return username !== "" || password !== "";
}

/** Whoever sends user name and password decodes them first, which a `%` by itself makes impossible. */
function isDecodable(value: string): boolean {
  const { username, password } = new URL(value);
  try {
    decodeURIComponent(username);
    decodeURIComponent(password);
    return true;
  } catch {
    return false;
  }
}

function adviceOnPercent(value: string): string | undefined {
  return !URL.canParse(value) || isDecodable(value)
    ? undefined
    : "write %25 for a % in the user name or password, and %40 for an @";
}

/** Scheme, host and port, also of a text that is no URL: a password may hold anything that should have been escaped. */
export function shownUrl(value: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(value)?.[0] ?? "";
  const rest = value.slice(scheme.length);
  const at = rest.lastIndexOf("@");
  const place = rest.slice(at + 1);
  const end = place.search(/[/?#]./);
  return `${scheme}${at < 0 ? "" : `${HIDDEN}@`}${end < 0 ? place : `${place.slice(0, end + 1)}${HIDDEN}`}`;
}
