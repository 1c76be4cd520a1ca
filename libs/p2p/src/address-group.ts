import { isIPv6 } from "node:net";

/** What one owner has for sure: an IPv4 address, or an IPv6 network of 64 bits. */
export function addressGroup(host: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(host)) return host;
  const [head = "", tail] = (host.split("%")[0] as string).split("::");
  const words = (text: string | undefined) => (text ? text.split(":") : []);
  const [front, back] = [words(head), words(tail)];
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  const all = [...front, ...Array.from({ length: Math.max(0, zeros) }, () => "0"), ...back];
  return all
    .slice(0, 4)
    .map(word => Number.parseInt(word, 16).toString(16))
    .join(":");
}
