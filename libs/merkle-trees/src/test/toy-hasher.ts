import {
  concatBytes,
  type Field,
  fieldFromBytes,
  fieldToBytes,
  type FieldHasher,
  sha256ToField,
} from "@sprtn/primitives";

/** Counts hashes; sha256 instead of Poseidon2, so that properties are checked on many trees quickly. */
export class ToyHasher implements FieldHasher {
  count = 0;

  hash(inputs: readonly bigint[]): Field {
    return fieldFromBytes(
      this.hashRows(concatBytes(...inputs.map(input => fieldToBytes(input as Field))), inputs.length),
    );
  }

  hashPairs(pairs: Uint8Array): Uint8Array {
    return this.hashRows(pairs, 2);
  }

  hashRows(rows: Uint8Array, width: number): Uint8Array {
    const out = new Uint8Array(rows.length / width);
    for (let i = 0; i < out.length; i += 32)
      out.set(fieldToBytes(sha256ToField(rows.subarray(i * width, (i + 32) * width))), i);
    this.count += out.length / 32;
    return out;
  }
}
