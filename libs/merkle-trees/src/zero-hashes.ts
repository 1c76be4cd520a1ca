import type { FieldHasher } from "@sprtn/primitives";

const known = new WeakMap<FieldHasher, Uint8Array[]>();

/** Roots of empty subtrees by height, from 0 (the empty leaf, zero) to `depth`: computed once a hasher. */
export function zeroHashes(hasher: FieldHasher, depth: number): readonly Uint8Array[] {
  const zeros = known.get(hasher) ?? [new Uint8Array(32)];
  known.set(hasher, zeros);
  while (zeros.length <= depth) {
    const below = zeros[zeros.length - 1] as Uint8Array;
    const pair = new Uint8Array(64);
    pair.set(below, 0);
    pair.set(below, 32);
    zeros.push(hasher.hashPairs(pair));
  }
  return zeros;
}
