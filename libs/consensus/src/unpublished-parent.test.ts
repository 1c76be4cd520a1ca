import { BlockNumber, Field, Slot } from "@sprtn/primitives";
import { expect } from "chai";
import fc from "fast-check";
import { chooseUnpublishedParent, parentReach, unpublishedParentSlots } from "./index.js";

const tip = { number: 7, archive: Field(70) };
const block = (slot: number, change: { number?: number; lastArchive?: number } = {}) => ({
  header: { slot: Slot(slot), number: BlockNumber(change.number ?? 8), lastArchive: Field(change.lastArchive ?? 70) },
});
const choose = (blocks: readonly ReturnType<typeof block>[], slot: number, reach: number) =>
  chooseUnpublishedParent(at => blocks.filter(({ header }) => header.slot === at), { slot: Slot(slot), tip }, reach);

describe("PEND-9: a parent that is not on L1 yet", () => {
  it("PEND-2: is as late as L1 takes it, for who must submit it; members look back one slot more", () => {
    for (const proposalLateness of [0, 1, 4, 7]) {
      expect(parentReach({ proposalLateness }, "proposer")).to.equal(proposalLateness);
      expect(parentReach({ proposalLateness }, "member")).to.equal(proposalLateness + 1);
    }
  });

  it("is of a slot before its child's, within reach", () => {
    expect(unpublishedParentSlots(Slot(9), 0)).to.deep.equal([]);
    expect(unpublishedParentSlots(Slot(9), 3)).to.deep.equal([8, 7, 6]);
    expect(unpublishedParentSlots(Slot(2), 3)).to.deep.equal([1, 0]);
    expect(unpublishedParentSlots(Slot(0), 3)).to.deep.equal([]);
    expect(choose([block(6)], 9, 3)).to.deep.equal(block(6));
    expect(choose([block(6)], 10, 3)).to.equal(undefined);
    expect(choose([block(9)], 9, 3)).to.equal(undefined);
  });

  it("follows the pending tip, in number and in archive", () => {
    expect(choose([block(8, { number: 7 })], 9, 3)).to.equal(undefined);
    expect(choose([block(8, { number: 9 })], 9, 3)).to.equal(undefined);
    expect(choose([block(8, { lastArchive: 71 })], 9, 3)).to.equal(undefined);
  });

  it("is the latest that does, whatever else was executed", () => {
    const candidate = fc.record({
      slot: fc.nat(12),
      number: fc.integer({ min: 6, max: 9 }),
      lastArchive: fc.constantFrom(70, 71),
    });
    fc.assert(
      fc.property(fc.array(candidate), fc.nat(12), fc.nat(5), (candidates, slot, reach) => {
        const blocks = candidates.map(({ slot: at, ...change }) => block(at, change));
        const fitting = blocks.filter(
          ({ header }) =>
            header.slot < slot && header.slot >= slot - reach && header.number === 8 && header.lastArchive === 70n,
        );
        const latest = fitting.length === 0 ? undefined : Math.max(...fitting.map(({ header }) => header.slot));
        expect(choose(blocks, slot, reach)?.header.slot).to.equal(latest);
      }),
      { numRuns: 500 },
    );
  });
});
