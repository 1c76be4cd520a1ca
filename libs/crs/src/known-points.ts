/** What identifies a CRS. */
export interface KnownPoints {
  /** tau·G, the second point: 64 bytes, big-endian x and y. */
  readonly second: Uint8Array;
  /** tau·G2: 128 bytes, big-endian: x.c0, x.c1, y.c0, y.c1. */
  readonly g2: Uint8Array;
  /** sha256 of each {@link DIGEST_POINTS} compressed points, from the first on; there may be further points. */
  readonly digests: readonly string[];
}

/** Points that one digest covers: 4 MiB of compressed points, as Barretenberg has it. */
export const DIGEST_POINTS = 2 ** 17;
