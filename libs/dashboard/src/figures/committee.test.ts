import { proposerOf as rule, quorum as quorumOf } from "@sprtn/consensus";
import { EthAddress, Slot } from "@sprtn/primitives";
import { expect } from "chai";
import { addressOf, Network, NOW_SLOT } from "../test/network.js";
import { nextProposal, proposerOf, quorumMs, silentMembers, slotWithoutQuorum } from "./committee.js";

const members = Array.from({ length: 7 }, (_, i) => EthAddress(addressOf(i)));

describe("committees", () => {
  it("have the proposers that the protocol says (COM-2)", () => {
    for (let slot = 0; slot < 20; slot++) expect(proposerOf(slot, members)).to.equal(rule(Slot(slot), members));
    expect(proposerOf(3, [])).to.equal(null);
    expect(new Network().run().state.epochs[0]?.quorum).to.equal(quorumOf(16));
  });

  it("reach their quorum with its last attestation, in whatever order they came", () => {
    const row = { slot: 1, proposer: null, steps: [], blocks: [] };
    const attested = [[4, 900] as const, [1, 300] as const, [2, 700] as const];
    expect(quorumMs({ ...row, attested }, 2)).to.equal(700);
    expect(quorumMs({ ...row, attested }, 3)).to.equal(900);
    expect(quorumMs({ ...row, attested }, 4)).to.equal(null);
    expect(quorumMs({ ...row, attested }, 0)).to.equal(null);
  });

  it("count as silent who neglected three duties in a row, where others were heard", () => {
    const from = (slots: number) => new Network({ busy: 1, down: [5], downFrom: NOW_SLOT - slots }).run().state;
    expect(silentMembers(from(2), NOW_SLOT)).to.deep.equal([]);
    expect(silentMembers(from(30), NOW_SLOT)).to.deep.equal([addressOf(5)]);
    expect(silentMembers(new Network({ validators: 0 }).run().state, NOW_SLOT)).to.deep.equal([]);
    // This node heard nobody: that is its own trouble.
    const deaf = from(30);
    const slots = deaf.slots.map(row => ({ ...row, attested: [] }));
    expect(silentMembers({ ...deaf, slots }, NOW_SLOT)).to.deep.equal([]);
  });

  it("lack a quorum where the newest proposal found none, and no longer once a block stands", () => {
    const down = [0, 2, 4, 5, 7, 9, 13];
    const { state } = new Network({ busy: 1, down, downFrom: NOW_SLOT - 6 }).run();
    expect(slotWithoutQuorum(state, NOW_SLOT)?.quorum).to.equal(11);
    expect(slotWithoutQuorum(new Network().run().state, NOW_SLOT)).to.equal(undefined);
    expect(slotWithoutQuorum(state, NOW_SLOT - 6)).to.equal(undefined);
  });

  it("tell a member's next slot", () => {
    const { state } = new Network().run();
    expect(nextProposal(state, addressOf(3), NOW_SLOT)).to.equal(4_819);
    expect(nextProposal(state, addressOf(3), 4_819)).to.equal(null);
    expect(nextProposal(state, "0x", NOW_SLOT)).to.equal(null);
    expect(nextProposal(new Network({ validators: 0 }).run().state, addressOf(3), NOW_SLOT)).to.equal(null);
  });
});
