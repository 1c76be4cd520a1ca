import { Slot } from "@sprtn/primitives";
import { fakeAddresses } from "@sprtn/testing";
import { expect } from "chai";
import { judgeSlot, type ObservedSlot } from "./judge-slot.js";

const committee = fakeAddresses(4);
const full: ObservedSlot = {
  slot: Slot(6),
  committee,
  isTrusted: true,
  isReorged: false,
  hasBlock: true,
  hasProposal: true,
  isDue: true,
  attested: new Set(committee),
};
const judged = (change: Partial<ObservedSlot>) => {
  const { proposal, attestations } = judgeSlot({ ...full, ...change });
  return [proposal, ...attestations.map(({ duty }) => duty)];
};
const some = new Set(committee.slice(0, 3));

describe("judging a slot", () => {
  it("names the proposer and the committee in its order", () => {
    const { slot, proposer, attestations } = judgeSlot(full);
    expect([slot, proposer]).to.deep.equal([6, committee[2]]);
    expect(attestations.map(({ validator }) => validator)).to.deep.equal(committee);
  });

  const cases: readonly (readonly [what: string, change: Partial<ObservedSlot>, expected: readonly string[]])[] = [
    ["DUTY-1: all did their duty", {}, ["proposed", "attested", "attested", "attested", "attested"]],
    [
      "DUTY-3: one whose attestation never came has missed it",
      { attested: some },
      ["proposed", "attested", "attested", "attested", "missed"],
    ],
    [
      "DUTY-1: a block that is not on L1 is late, and nobody has missed it",
      { hasBlock: false, attested: some },
      ["late", "attested", "attested", "attested", "none"],
    ],
    [
      "DUTY-2: a block that was due and never came is missed",
      { hasBlock: false, hasProposal: false, attested: new Set() },
      ["missed", "none", "none", "none", "none"],
    ],
    [
      "DUTY-2: an empty slot in which nothing was due is idle",
      { hasBlock: false, hasProposal: false, isDue: false, attested: new Set() },
      ["idle", "none", "none", "none", "none"],
    ],
    [
      "DUTY-1: a block is proposed also if its proposal did not come this way",
      { hasProposal: false, isDue: false },
      ["proposed", "attested", "attested", "attested", "attested"],
    ],
    [
      "DUTY-4: what this node could not see is unknown, even what it did see",
      { isTrusted: false, attested: some },
      ["unknown", "unknown", "unknown", "unknown", "unknown"],
    ],
    [
      "DUTY-4: what a reorg took back is unknown",
      { isReorged: true, attested: some },
      ["unknown", "unknown", "unknown", "unknown", "unknown"],
    ],
  ];
  for (const [what, change, expected] of cases) it(what, () => expect(judged(change)).to.deep.equal(expected));

  it("COM-4: without a committee there is no proposer", () => {
    const { proposer, proposal, attestations } = judgeSlot({ ...full, committee: [], hasBlock: false });
    expect([proposer, proposal, attestations]).to.deep.equal([null, "late", []]);
  });
});
