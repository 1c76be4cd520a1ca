import { isIP } from "node:net";

/** Names of this machine to itself; no page on the Web can have one of them as its own. */
const LOOPBACK = ["localhost", "127.0.0.1", "::1"];

/** Whether an address to listen on is reached from this machine only. */
export function isLoopback(host: string): boolean {
  const name = hostname(host);
  return name !== undefined && (LOOPBACK.includes(name) || /^127(\.\d+){3}$/.test(name));
}

export interface HostRule {
  /** Where the server listens. */
  readonly listen: string;
  /** What it is reached by besides; `*` for anything. */
  readonly allowed: readonly string[];
}

/**
 * Whether a request was meant for this server. A page whose own name points to 127.0.0.1 (DNS rebinding) is of
 * one origin with this server for the browser; its requests still carry the page's own name as their Host.
 * `localAddress` is where the connection came in.
 */
export function isAllowedHost(
  header: string | undefined,
  { listen, allowed }: HostRule,
  localAddress: string | undefined,
): boolean {
  if (allowed.includes("*")) return true;
  const name = header === undefined ? undefined : hostname(header);
  if (name === undefined) return false;
  const own = [...LOOPBACK, listen, ...allowed, localAddress ?? ""].map(host => hostname(host));
  return own.includes(name);
}

/** Without port, brackets, zone and final dot, in lower case; `undefined` for what is not a host. */
function hostname(host: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:[\]/@\s]+))(?::\d{1,5})?$/.exec(host) ?? [];
  const name = (bracketed ?? plain ?? (isIP(host) === 6 ? host : undefined))?.toLowerCase();
  return name
    ?.replace(/^::ffff:(?=\d+\.)/, "")
    .replace(/^([0-9a-f]*:[0-9a-f:]*)%.*$/, "$1")
    .replace(/\.$/, "");
}
