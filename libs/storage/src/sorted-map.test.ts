import { uintToBytes } from "@sprtn/primitives";
import { expect } from "chai";
import * as fc from "fast-check";
import { compareBytes } from "./compare-bytes.js";
import { SortedMap } from "./sorted-map.js";

const key = (number: number) => uintToBytes(number, 2);

describe("SortedMap", () => {
  it("does what a sorted list does, in chunks that split and go", () => {
    const number = fc.integer({ min: 0, max: 3000 });
    const change = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ from: number, count: fc.integer({ min: 1, max: 900 }), put: fc.constant(true) }),
      },
      fc.record({ from: number, count: fc.integer({ min: 1, max: 1500 }), put: fc.constant(false) }),
    );
    const range = fc.record(
      { gte: number.map(key), lt: number.map(key), reverse: fc.boolean(), limit: fc.integer({ min: 0, max: 1200 }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 12 }),
        fc.array(range, { minLength: 3, maxLength: 6 }),
        (changes, ranges) => {
          const [map, model] = [new SortedMap(), new Map<number, Uint8Array>()];
          changes.forEach(({ from, count, put }, round) => {
            // Not in order: 7 has no common divisor with 3001.
            for (let i = 0; i < count; i++) {
              const at = (from + 7 * i) % 3001;
              if (put) {
                map.set(key(at), Uint8Array.of(round));
                model.set(at, Uint8Array.of(round));
              } else {
                map.delete(key(at));
                model.delete(at);
              }
            }
          });
          const sorted = [...model].toSorted(([a], [b]) => a - b).map(([at, value]) => [key(at), value] as const);
          expect(map.range({})).to.deep.equal(sorted);
          for (let at = 0; at <= 3000; at += 13) expect(map.get(key(at))).to.deep.equal(model.get(at));
          for (const { gte, lt, reverse = false, limit = sorted.length } of ranges) {
            const inside = sorted.filter(
              ([at]) => (!gte || compareBytes(at, gte) >= 0) && (!lt || compareBytes(at, lt) < 0),
            );
            const given = { ...(gte && { gte }), ...(lt && { lt }), reverse, limit };
            expect(map.range(given)).to.deep.equal((reverse ? inside.toReversed() : inside).slice(0, limit));
          }
          map.clear();
          expect(map.range({})).to.deep.equal([]);
        },
      ),
      { numRuns: 40 },
    );
  });
});
