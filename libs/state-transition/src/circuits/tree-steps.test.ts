import { Field, jsFieldHasher } from "@sprtn/primitives";
import { DomainSeparator } from "@sprtn/protocol";
import { expect } from "chai";
import { CircuitError } from "./circuit-error.js";
import { climb, readSlot } from "./tree-steps.js";

/** A tree whose first leaf is of `key`, the next key in the tree being `nextKey`. */
function readBy({ key, nextKey }: { key: number; nextKey: number }, slot: number) {
  const low = { key: Field(key), value: Field(7), nextIndex: 1, nextKey: Field(nextKey) };
  const lowPath = Array.from({ length: 4 }, () => Field(0));
  const leaf = [DomainSeparator.PUBLIC_DATA_LEAF, low.key, low.value, 1n, low.nextKey];
  const root = climb(jsFieldHasher, jsFieldHasher.hash(leaf), 0, lowPath);
  const proof = { low, lowIndex: 0, lowPath };
  return readSlot(jsFieldHasher, { root, nextIndex: 2 }, { proof, slot: Field(slot) });
}

describe("reading a slot", () => {
  it("a leaf shows its own slot, and that those up to the next key are empty", () => {
    expect([10, 11, 19].map(slot => readBy({ key: 10, nextKey: 20 }, slot))).to.deep.equal([7n, 0n, 0n]);
    expect(readBy({ key: 10, nextKey: 0 }, 20)).to.equal(0n);
  });

  it("it shows nothing of a slot below it, nor of the next key, which has a leaf", () => {
    for (const slot of [9, 20, 21])
      expect(() => readBy({ key: 10, nextKey: 20 }, slot), String(slot)).to.throw(
        CircuitError,
        "the leaf does not show the slot's value",
      );
  });
});
