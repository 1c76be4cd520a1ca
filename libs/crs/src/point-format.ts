// Barretenberg's file format (srs/factories/get_bn254_crs.cpp): tau^i·G one after the other, without a header; tau·G2
// in its own file.

/** Points of 64 bytes in G1. */
export const G1_FILE = "bn254_g1.dat";
export const COMPRESSED_G1_FILE = "bn254_g1_compressed.dat";
/** The point in G2. */
export const G2_FILE = "bn254_g2.dat";

/** Bytes of a point: big-endian x and y, or x with the parity of y in its top bit. */
export const POINT_BYTES = 64;
export const COMPRESSED_POINT_BYTES = 32;
export const G2_BYTES = 128;

/** The generator (1, 2), which every CRS begins with. */
export const FIRST_POINT = Uint8Array.from({ length: POINT_BYTES }, (_, i) => (i === 31 ? 1 : i === 63 ? 2 : 0));

export function compressPoints(points: Uint8Array): Uint8Array {
  const out = new Uint8Array(points.length / 2);
  for (let from = 0, to = 0; from < points.length; from += POINT_BYTES, to += COMPRESSED_POINT_BYTES) {
    for (let i = 0; i < COMPRESSED_POINT_BYTES; i++) out[to + i] = points[from + i] as number;
    out[to] = (out[to] as number) | (((points[from + POINT_BYTES - 1] as number) & 1) << 7);
  }
  return out;
}
