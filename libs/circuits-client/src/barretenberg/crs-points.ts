import { concatBytes, uintToBytes } from "@sprtn/primitives";

/** Points of a CRS as bb's files have them. */
export interface CrsPoints {
  /** In G1, 64 bytes each. */
  readonly g1: Uint8Array;
  /** The one in G2, 128 bytes: the one that is built into the Barretenberg at hand, or it refuses. */
  readonly g2: Uint8Array;
}

/** The first point in G1 of every CRS, which is all that a verification reads. */
export const crsGenerator = concatBytes(uintToBytes(1, 32), uintToBytes(2, 32));
