import { Field, FIELD_MODULUS } from "@sprtn/primitives";
import { expect } from "chai";
import * as fc from "fast-check";
import { KEY_ENTRY_BYTES, packFields } from "./index.js";
import { bucketOf } from "./key-index.js";
import { packKeyEntry } from "./key-bucket.js";
import { MemoryKeyIndex } from "./memory-key-index.js";

const key = fc.oneof(
  fc.bigInt({ min: 0n, max: 9n }),
  fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }),
) as fc.Arbitrary<Field>;
const packed = (entries: readonly (readonly [Field, number])[]): Uint8Array => {
  const out = new Uint8Array(KEY_ENTRY_BYTES * entries.length);
  entries
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .forEach(([value, index], i) => packKeyEntry(out, i, packFields([value]), index));
  return out;
};

describe("KeyIndex", () => {
  it("finds the greatest key at or below, whatever was added in whatever batches", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(key, { minLength: 1, maxLength: 20 }),
        (keys, size, asked) => {
          const index = new MemoryKeyIndex();
          const entries = keys.map((value, i) => [value, i] as const);
          for (let from = 0; from < entries.length; from += size) index.add(packed(entries.slice(from, from + size)));
          expect(index.entries()).to.deep.equal(packed(entries));
          for (const value of [...asked, ...keys]) {
            const below = keys
              .filter(other => other <= value)
              .reduce<Field | undefined>(
                (best, other) => (best === undefined || other > best ? other : best),
                undefined,
              );
            const found = index.floor(packFields([value]));
            expect(found).to.deep.equal(
              below === undefined ? undefined : { key: packFields([below]), index: keys.indexOf(below) },
            );
          }
        },
      ),
    );
  });

  it("orders buckets as keys, and leaves none unreachable", () => {
    fc.assert(
      fc.property(
        key,
        key,
        (a, b) =>
          a <= b === bucketOf(packFields([a]), 0, 20) <= bucketOf(packFields([b]), 0, 20) ||
          bucketOf(packFields([a]), 0, 20) === bucketOf(packFields([b]), 0, 20),
      ),
    );
    expect(bucketOf(packFields([Field(FIELD_MODULUS - 1n)]), 0, 16)).to.equal(Number(FIELD_MODULUS >> 238n));
  });
});
