import { poseidon2Hash } from "@zkpassport/poseidon2";
import { bytesToUint } from "./bytes.js";
import { type Field, fieldToBytes } from "./field.js";
import type { FieldHasher } from "./field-hasher.js";

/** Poseidon2 in plain JavaScript: runs anywhere, about 5,000 permutations a second. Nodes inject a faster one. */
export const jsFieldHasher: FieldHasher = {
  hash(inputs) {
    return poseidon2Hash(inputs as bigint[]) as Field;
  },
  hashPairs(pairs) {
    return hashRows(pairs, 2);
  },
  hashRows,
};

function hashRows(rows: Uint8Array, width: number): Uint8Array {
  const out = new Uint8Array(rows.length / width);
  for (let row = 0; row < out.length; row += 32) {
    const inputs = Array.from({ length: width }, (_, column) =>
      bytesToUint(rows.subarray(row * width + 32 * column, row * width + 32 * column + 32)),
    );
    out.set(fieldToBytes(poseidon2Hash(inputs) as Field), row);
  }
  return out;
}
