import { randomInt } from "node:crypto";
import { equalBytes, uintToBytes } from "@sprtn/primitives";
import { bn254, bn254_Fr } from "@noble/curves/bn254.js";
import { devTau } from "./dev-points.js";
import { compressPoints, COMPRESSED_POINT_BYTES, POINT_BYTES } from "./point-format.js";

/**
 * Point `i` of the dev CRS, 64 bytes, by an implementation that shares nothing with the one that makes them. About 2
 * ms.
 */
export function devPoint(i: number): Uint8Array {
  const scalar = bn254_Fr.pow(devTau(), BigInt(i));
  const { x, y } = bn254.G1.Point.BASE.multiply(scalar).toAffine();
  const out = new Uint8Array(POINT_BYTES);
  out.set(uintToBytes(x, 32));
  out.set(uintToBytes(y, 32), 32);
  return out;
}

/** tau·G2 of the dev CRS, 128 bytes. */
export function devG2Point(): Uint8Array {
  const { x, y } = bn254.G2.Point.BASE.multiply(devTau()).toAffine();
  return Buffer.concat([x.c0, x.c1, y.c0, y.c1].map(coordinate => uintToBytes(coordinate, 32)));
}

/** Points of the dev CRS, the first of them having number `first`, of either format. */
export interface DevRange {
  readonly points: Uint8Array;
  readonly pointBytes: number;
  readonly first: number;
}

/**
 * The number of a point that is not the dev CRS's, among both ends and `samples` others at random; `undefined` if all
 * are.
 */
export function wrongDevPoint({ points, pointBytes, first }: DevRange, samples: number): number | undefined {
  const count = points.length / pointBytes;
  const indices = new Set([0, count - 1, ...Array.from({ length: samples }, () => randomInt(count))]);
  for (const i of indices) {
    const expected = devPoint(first + i);
    if (
      !equalBytes(
        points.subarray(i * pointBytes, (i + 1) * pointBytes),
        pointBytes === COMPRESSED_POINT_BYTES ? compressPoints(expected) : expected,
      )
    )
      return first + i;
  }
  return undefined;
}
