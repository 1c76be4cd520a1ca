import { bytesToUint, concatBytes, type Field, FIELD_MODULUS, fieldToBytes, type FieldHasher } from "@sprtn/primitives";
import { expect } from "chai";
import * as fc from "fast-check";

/** Computed with the native bb 5.0.0. */
const vectors: readonly (readonly [inputs: readonly bigint[], hash: bigint])[] = [
  [[0n], 0x2710144414c3a5f2354f4c08d52ed655b9fe253b4bf12cb9ad3de693d9b1db11n],
  [[0n, 0n], 0x0b63a53787021a4a962a452c2921b3663aff1ffd8d5510540f8e659e782956f1n],
  [[1n, 2n], 0x038682aa1cb5ae4e0a3f13da432a95c77c5c111f6f030faf9cad641ce1ed7383n],
  [
    [FIELD_MODULUS - 1n, FIELD_MODULUS - 2n, FIELD_MODULUS - 3n],
    0x1e113bd1828722623fcea9bc2dacf550b1e60a5db1b4807c3714baa8bd09cb8en,
  ],
  [[1n, 2n, 3n, 4n], 0x130bf204a32cac1f0ace56c78b731aa3809f06df2731ebcf6b3464a15788b1b9n],
  [[3n, 5n, 7n, 11n, 13n], 0x2a6a2b2d483292d9ff134d9e2adec81dc35cb1ae0fe348f929c109d79d00411an],
  [[1n, 2n, 3n, 4n, 5n, 6n, 7n], 0x16f929bc0d216df4b05bdc44222463edf2b9791bd949ab926eebda06a502d238n],
];

const field = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }) as fc.Arbitrary<Field>;

/** What every FieldHasher must do; `other` is one that is known to. */
export function fieldHasherCompliance(create: () => Promise<FieldHasher>, other: FieldHasher): void {
  let hasher: FieldHasher;
  before(async () => {
    hasher = await create();
  });

  it("gives Barretenberg's hashes", () => {
    for (const [inputs, hash] of vectors) expect(hasher.hash(inputs)).to.equal(hash);
  });

  it("agrees with another implementation on every width, one by one and in bulk", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(field, { minLength: 20, maxLength: 60 }),
        (width, fields) => {
          const rows = Array.from({ length: Math.floor(fields.length / width) }, (_, i) =>
            fields.slice(i * width, (i + 1) * width),
          );
          const expected = rows.map(row => other.hash(row));
          expect(rows.map(row => hasher.hash(row))).to.deep.equal(expected);
          expect(hasher.hashRows(concatBytes(...rows.flat().map(fieldToBytes)), width)).to.deep.equal(
            concatBytes(...expected.map(fieldToBytes)),
          );
        },
      ),
      { numRuns: 15 },
    );
  });

  it("hashes pairs as rows of two, leaves its input alone, and gives results that later calls do not overwrite", () => {
    const pairs = concatBytes(
      ...Array.from({ length: 64 }, (_, i) => fieldToBytes((FIELD_MODULUS - 1n - BigInt(i)) as Field)),
    );
    const copy = pairs.slice();
    const first = hasher.hashPairs(pairs);
    const kept = first.slice();
    expect(hasher.hashRows(pairs, 2)).to.deep.equal(first);
    hasher.hashPairs(new Uint8Array(pairs.length));
    expect(first).to.deep.equal(kept);
    expect(pairs).to.deep.equal(copy);
    expect(hasher.hashPairs(pairs.subarray(64, 128))).to.deep.equal(first.subarray(32, 64));
    expect(bytesToUint(first.subarray(0, 32))).to.equal(other.hash([FIELD_MODULUS - 1n, FIELD_MODULUS - 2n]));
    expect(hasher.hashPairs(new Uint8Array())).to.have.length(0);
  });
}
