import { BlockNumber, Field, Slot } from "@sprtn/primitives";
import { CallKind } from "@sprtn/protocol";
import { buildBlock } from "@sprtn/state-transition";
import { FakeChain } from "@sprtn/testing";
import { expect } from "chai";
import { ProposalFault } from "./index.js";
import { lastRefusal } from "./test/proposal-network.js";
import { alice, follower, makeChain, setUp } from "./test/proposed-block.js";

describe("what a proposal builds on", () => {
  it("PEND-9: of two blocks of one slot, both executed here, the one that it names", async () => {
    const made = await setUp(makeChain(), { proposalLateness: 1 });
    const { fixture } = made.network;
    const node = await follower(made);
    const { header } = made.built.block;
    // Without transactions, so that the next block's base fees differ.
    const other = buildBlock(
      { fork: node.chain.forkAt(BlockNumber(1)), lookups: fixture.lookups },
      { txs: [], messages: [] },
      { ...fixture.environment(), ...header },
    );
    await made.network.gossip(other);
    await made.network.gossip(made.built);
    expect(node.proposals.executed(header.slot)).to.have.length(2);
    const next = fixture.mine([]);
    await made.network.setSlot(next.block.header.slot);
    await made.network.gossip(next);
    expect(lastRefusal(node)).to.deep.include({ code: "VALIDATOR_WOULD_EQUIVOCATE" });
    expect(node.proposals.executed(next.block.header.slot)[0]?.built.block.archive).to.equal(next.block.archive);
  });

  it("PEND-9: a block that could not be judged excuses its children for as long as it may be late", async () => {
    for (const [distance, warnings] of [
      [2, []],
      [3, [ProposalFault.WRONG_PARENT]],
    ] as const) {
      const made = await setUp(makeChain(), { proposalLateness: 1 });
      const node = await follower(made, { chain: new FakeChain(made.network.fixture) });
      const { slot } = made.built.block.header;
      node.chain.isSynced = false;
      await made.network.gossip(made.built);
      await made.network.setSlot(slot + distance);
      node.chain.isSynced = true;
      await node.chain.append(made.first.block);
      await made.network.gossip(made.network.fixture.mine([]), { header: { slot: Slot(slot + distance) } });
      await made.network.setSlot(slot + distance + 2);
      expect(
        node.logger.lines("warn").map(({ fields }) => fields["code"]),
        `${distance} slots`,
      ).to.deep.equal(warnings);
    }
  });

  it("PEND-9: a block that was judged and refused excuses none of its children", async () => {
    const made = await setUp(makeChain(), { proposalLateness: 1 });
    const node = await follower(made);
    await made.network.gossip(made.built, { archive: Field(1) });
    expect(lastRefusal(node)?.code).to.equal(ProposalFault.WRONG_ARCHIVE);
    const next = made.network.fixture.mine([]);
    await made.network.setSlot(next.block.header.slot);
    await made.network.gossip(next);
    await made.network.setSlot(next.block.header.slot + 2);
    expect(lastRefusal(node)?.code).to.equal(ProposalFault.WRONG_PARENT);
  });

  it("PEND-9: an anchor that is neither L1's nor the parent's is none", async () => {
    const made = await setUp();
    const unanchored = made.network.fixture.tx({ kind: CallKind.NONE }, { payer: alice, anchor: Field(12_345) });
    const node = await follower({ ...made, txs: [...made.txs, unanchored] });
    await made.network.gossip(made.built, { txHashes: [made.txs[0]!.hash, unanchored.hash] });
    expect(lastRefusal(node)?.code).to.equal(ProposalFault.UNINCLUDABLE_TX);
  });

  it("the refusal says how many transactions could not be fetched", async () => {
    const made = await setUp();
    const node = await follower({ ...made, txs: made.txs.slice(1) });
    await made.network.gossip(made.built);
    await made.network.setSlot(made.built.block.header.slot + 1);
    expect(lastRefusal(node)).to.deep.equal({
      code: ProposalFault.MISSING_TXS,
      reason: "1 of 2 transactions could not be fetched",
    });
  });
});
