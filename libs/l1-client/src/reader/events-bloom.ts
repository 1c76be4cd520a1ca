import { getBytes, hexlify, keccak256 } from "ethers";

/** A contract, and the first topics of its events that matter. */
export interface EventSource {
  readonly address: string;
  readonly topics: readonly string[];
}

/** Whether a block's `logsBloom` allows for an event of one of these sources (Yellow Paper, 4.3.1). */
export function mayHoldEvents(logsBloom: unknown, sources: readonly EventSource[]): boolean {
  // If an endpoint returns no bloom, nothing can be ruled out.
  if (typeof logsBloom !== "string" || !/^0x[0-9a-f]{512}$/i.test(logsBloom)) return true;
  const bloom = getBytes(logsBloom);
  const holds = (value: string): boolean =>
    bitsOf(value).every(bit => ((bloom[255 - (bit >> 3)] ?? 0) >> (bit & 7)) & 1);
  return sources.some(({ address, topics }) => holds(address) && topics.some(holds));
}

/** The bloom of a block that holds these logs. */
export function bloomOf(logs: readonly { readonly address: string; readonly topics: readonly string[] }[]): string {
  const bloom = new Uint8Array(256);
  for (const { address, topics } of logs) for (const bit of [address, ...topics].flatMap(bitsOf)) setBit(bloom, bit);
  return hexlify(bloom);
}

function setBit(bloom: Uint8Array, bit: number): void {
  const at = 255 - (bit >> 3);
  bloom[at] = (bloom[at] ?? 0) | (1 << (bit & 7));
}

/** Addresses and topics of events are few. */
const MAX_KNOWN = 64;
const known = new Map<string, readonly number[]>();

/** The three bits of a value: the low 11 bits of the first three pairs of bytes of its hash. */
function bitsOf(value: string): readonly number[] {
  const remembered = known.get(value);
  if (remembered) return remembered;
  const hash = getBytes(keccak256(value));
  const bits = [0, 2, 4].map(at => (((hash[at] ?? 0) << 8) | (hash[at + 1] ?? 0)) & 2047);
  if (known.size < MAX_KNOWN) known.set(value, bits);
  return bits;
}
