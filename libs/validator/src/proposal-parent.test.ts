import { BlockNumber, Field, Slot } from "@sprtn/primitives";
import { CallKind } from "@sprtn/protocol";
import { buildBlock } from "@sprtn/state-transition";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { FakeChain } from "@sprtn/testing";
import { expect } from "chai";
import { ProposalFault } from "./index.js";
import { lastRefusal } from "./test/proposal-network.js";
import { alice, follower, funds, makeChain, setUp } from "./test/proposed-block.js";

describe("a proposal's parent", () => {
  it("is waited for: L1's news may come later than the proposal", async () => {
    const made = await setUp();
    const node = await follower(made, { chain: new FakeChain(made.network.fixture) });
    await made.network.gossip(made.built);
    expect(node.key.signed).to.deep.equal([]);
    await made.network.clock.advance(2000);
    await node.chain.append(made.first.block);
    await made.network.settle();
    expect(node.key.signed.length).to.equal(1);
  });

  it("is not used while the node is not synced", async () => {
    const made = await setUp();
    const node = await follower(made);
    node.chain.isSynced = false;
    await made.network.gossip(made.built);
    expect(node.key.signed).to.deep.equal([]);
    node.chain.isSynced = true;
    await node.chain.wake();
    await made.network.settle();
    expect(node.key.signed.length).to.equal(1);
  });

  it("that never comes, or is another: not attested when the slot ends (PEND-1)", async () => {
    for (const header of [{}, { lastArchive: Field(1) }, { number: BlockNumber(3) }]) {
      const made = await setUp();
      const node = await follower(
        made,
        "number" in header || "lastArchive" in header ? {} : { chain: new FakeChain(made.network.fixture) },
      );
      await made.network.gossip(made.built, { header });
      await made.network.setSlot(made.built.block.header.slot + 1);
      expect(lastRefusal(node)?.code).to.equal(ProposalFault.WRONG_PARENT);
      expect(node.key.signed).to.deep.equal([]);
    }
  });

  it("PEND-9: may be a block executed here that L1 does not have yet", async () => {
    const made = await setUp(makeChain(), { proposalLateness: 1 });
    const node = await follower(made);
    await made.network.gossip(made.built);
    const next = made.network.fixture.mine([]);
    await made.network.setSlot(next.block.header.slot);
    await made.network.gossip(next);
    expect(node.key.signed.length).to.equal(2);
    expect(node.proposals.executed(next.block.header.slot)[0]?.built.block.archive).to.equal(next.block.archive);
  });

  it("PEND-9: its notes are an anchor too: L1 may have told the proposer of it before", async () => {
    const fixture = new ChainFixture();
    const first = fixture.mine([fixture.deposit(fixture.message(alice, funds), { recipient: alice, amount: funds })]);
    const privately = () => fixture.tx({ kind: CallKind.NONE }, { notes: 1, payer: alice });
    const built = fixture.mine([privately()]);
    const made = await setUp({ fixture, first, built, txs: [...built.txs] }, { proposalLateness: 1 });
    const node = await follower(made);
    await made.network.gossip(built);
    const next = fixture.mine([privately()]);
    for (const tx of next.txs) await node.txs.add(tx);
    await made.network.setSlot(next.block.header.slot);
    await made.network.gossip(next);
    expect(lastRefusal(node)).to.equal(undefined);
    expect(node.key.signed.length).to.equal(2);
  });

  it("PEND-9, PEND-2: is as late as L1 takes it, or a slot more: L1 may have taken it a moment ago", async () => {
    for (const [proposalLateness, distance, code] of [
      [0, 1, ProposalFault.WRONG_HEADER],
      [0, 2, ProposalFault.WRONG_PARENT],
      [5, 6, ProposalFault.WRONG_HEADER],
      [5, 7, ProposalFault.WRONG_PARENT],
    ] as const) {
      const made = await setUp(makeChain(), { proposalLateness });
      const node = await follower(made);
      await made.network.gossip(made.built);
      const slot = made.built.block.header.slot + distance;
      await made.network.setSlot(slot);
      // Found, its execution shows that the proposal's time is another slot's.
      await made.network.gossip(made.network.fixture.mine([]), { header: { slot: Slot(slot) } });
      await made.network.setSlot(slot + proposalLateness + 1);
      expect(lastRefusal(node)?.code, `${distance} slots`).to.equal(code);
    }
  });

  it("PEND-9: a block that follows another than the pending tip is none", async () => {
    const made = await setUp(makeChain(), { proposalLateness: 1 });
    const node = await follower(made);
    await made.network.gossip(made.built);
    // L1 has another block at the height of its parent.
    await node.chain.remove(1);
    const { fixture } = made.network;
    const { header } = made.first.block;
    const { block: other } = buildBlock(
      { fork: node.chain.forkAt(BlockNumber(0)), lookups: fixture.lookups },
      { txs: [], messages: fixture.messages.get(1) ?? [] },
      { ...fixture.environment(), ...header, coinbase: made.network.addresses[3]! },
    );
    await node.chain.append(other);
    const next = made.network.fixture.mine([]);
    await made.network.setSlot(next.block.header.slot);
    await made.network.gossip(next);
    await made.network.setSlot(next.block.header.slot + 2);
    expect(lastRefusal(node)?.code).to.equal(ProposalFault.WRONG_PARENT);
    expect(node.key.signed.length).to.equal(1);
  });

  it("PEND-9: that was not executed here is none", async () => {
    const made = await setUp(makeChain(), { proposalLateness: 1 });
    const node = await follower(made);
    const next = made.network.fixture.mine([]);
    await made.network.setSlot(next.block.header.slot);
    await made.network.gossip(next);
    await made.network.setSlot(next.block.header.slot + 2);
    expect(lastRefusal(node)?.code).to.equal(ProposalFault.WRONG_PARENT);
  });

  it("PEND-9: a block whose own parent L1 dropped is none", async () => {
    const made = await setUp(makeChain(), { proposalLateness: 1 });
    const node = await follower(made);
    await made.network.gossip(made.built);
    await node.chain.remove(1);
    const next = made.network.fixture.mine([]);
    await made.network.setSlot(next.block.header.slot);
    await made.network.gossip(next);
    await made.network.setSlot(next.block.header.slot + 2);
    expect(lastRefusal(node)?.code).to.equal(ProposalFault.WRONG_PARENT);
    expect(node.key.signed.length).to.equal(1);
  });
});
