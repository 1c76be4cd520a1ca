/**
 * What a request costs, in units of work: one for each call, and for each of these amounts. A caller pays for what he
 * asks for and gets; encoding a block for the first time is paid for by the server's own pace, since the next caller
 * gets it for nothing. A unit stands for about a quarter of a millisecond of the thread.
 */
const BYTES_MOVED = 64 * 1024;
const BYTES_ENCODED = 4 * 1024;

/** Of bytes that came in or go out. */
export function unitsMoved(bytes: number): number {
  return bytes / BYTES_MOVED;
}

/** Units for bytes of newly serialised JSON. */
export function unitsEncoded(bytes: number): number {
  return bytes / BYTES_ENCODED;
}

/** What single calls cost beyond the one for being a call, by what they make the node do. */
export const WORK = {
  /** Opens the state after a block, and reads one path or leaf of it. */
  stateRead: 1,
  /** Decodes a transaction, checks it against the state and verifies its proof. */
  sendTx: 4,
  /** Reads an epoch's set and seed, from L1 if need be, and draws the committee. */
  committee: 4,
  /** Reads a whole block and hashes its L2→L1 messages. */
  withdrawalWitness: 20,
  /** Reads what a node remembers of duties, once a slot for all callers. */
  dutyTotals: 20,
  block: 1 / 10,
  pendingHash: 1 / 100,
} as const;
