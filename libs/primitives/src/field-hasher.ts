import type { Field } from "./field.js";

/**
 * Poseidon2 over BN254 with Barretenberg's parameters. Synchronous, so that the pure floors can use whichever
 * implementation is handed to them.
 */
export interface FieldHasher {
  /** Barretenberg's `poseidon2Hash`: sponge of rate 3, capacity lane = (number of inputs)·2^64. */
  hash(inputs: readonly bigint[]): Field;
  /** Tree nodes in bulk: `pairs` holds n·64 bytes (left ‖ right, big-endian fields), the result n·32 bytes. */
  hashPairs(pairs: Uint8Array): Uint8Array;
  /**
   * {@link hash} in bulk: `rows` holds n·width·32 bytes, the result n·32 bytes; `hashPairs(x)` equals `hashRows(x, 2)`.
   */
  hashRows(rows: Uint8Array, width: number): Uint8Array;
}
