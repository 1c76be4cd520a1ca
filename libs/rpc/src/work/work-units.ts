/**
 * What a request costs, in units of work: one for each call, and for each of these amounts. A caller pays for what he
 * asks for and gets; encoding a block for the first time is paid for by the server's own pace, since the next caller
 * gets it for nothing.
 */
const BYTES_MOVED = 64 * 1024;
const BYTES_ENCODED = 4 * 1024;

/** Of bytes that came in or go out. */
export function unitsMoved(bytes: number): number {
  return bytes / BYTES_MOVED;
}

/** Of bytes of JSON that were made anew. */
export function unitsEncoded(bytes: number): number {
  return bytes / BYTES_ENCODED;
}
