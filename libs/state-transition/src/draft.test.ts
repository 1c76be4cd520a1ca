import { Field, type FieldHasher, jsFieldHasher } from "@sprtn/primitives";
import { balanceSlot } from "@sprtn/protocol";
import { MemoryNodeStore } from "@sprtn/merkle-trees";
import { expect } from "chai";
import { Draft } from "./draft.js";
import { perTree, RollupState } from "./index.js";

describe("a block being executed", () => {
  const draftOf = (hasher: FieldHasher = jsFieldHasher) =>
    new Draft(new RollupState({ stores: perTree(() => new MemoryNodeStore()), hasher }));

  it("hashes each address once", () => {
    let hashes = 0;
    const counting: FieldHasher = { ...jsFieldHasher, hash: values => (hashes++, jsFieldHasher.hash(values)) };
    const draft = draftOf(counting);
    const expected = balanceSlot(jsFieldHasher, Field(7));
    hashes = 0;
    const slots = [1, 2, 3].map(() => draft.slotOf(Field(7)));
    expect(slots).to.deep.equal([expected, expected, expected]);
    const once = hashes;
    expect(once).to.be.above(0);
    draft.slotOf(Field(8));
    expect(hashes).to.equal(2 * once);
  });

  it("holds no message beyond those that were appended", () => {
    const draft = draftOf();
    expect(draft.holdsMessage(BigInt(draft.state.messages.leafCount), Field(0))).to.equal(false);
  });

  it("takes over writes, but none to slot 0, which stands for none", () => {
    const draft = draftOf();
    const write = (slot: number) => ({ slot: Field(slot), value: Field(5) });
    expect(draft.balanceAt(Field(1))).to.equal(0n);
    draft.accept({ writes: [write(0), write(1)], nullifiers: [Field(9)], gas: { l2: 3n, da: 4n } });
    draft.accept({ writes: [], nullifiers: [], gas: { l2: 10n, da: 20n } });
    expect([0, 1].map(slot => draft.balanceAt(Field(slot)))).to.deep.equal([0n, 5n]);
    expect([9, 8].map(nullifier => draft.hasNullifier(Field(nullifier)))).to.deep.equal([true, false]);
    expect(draft.gas).to.deep.equal({ l2: 13n, da: 24n });
  });
});
