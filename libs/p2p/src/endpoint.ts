import { isIPv4, isIPv6 } from "node:net";

/** Where to listen. */
export interface ListenEndpoint {
  readonly host: string;
  readonly port: number;
}

/** What is announced to peers; without a host, the address has to be determined. */
export interface AnnounceEndpoint {
  readonly host?: string;
  readonly port: number;
}

const pattern = /^(?:\[([0-9a-fA-F:]+)\]|([0-9.]+))?:(\d{1,5})$/;

/** Reads `ip:port`, `[ipv6]:port` or `:port`; undefined for anything else. */
export function readEndpoint(text: string): AnnounceEndpoint | undefined {
  const match = pattern.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (!match || port > 65_535) return undefined;
  if (host === undefined) return { port };
  return isIPv4(host) || isIPv6(host) ? { host, port } : undefined;
}

export function formatEndpoint({ host = "", port }: AnnounceEndpoint): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

export function toMultiaddrText(host: string, transport: "tcp" | "udp", port: number): string {
  return `/${isIPv6(host) ? "ip6" : "ip4"}/${host}/${transport}/${port}`;
}

export function isLoopback(host: string): boolean {
  return host.startsWith("127.") || host === "::1";
}

/** Whether `host` stands for "every interface". */
export function isUnspecified(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}
