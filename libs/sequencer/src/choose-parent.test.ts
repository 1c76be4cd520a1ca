import { type Field, Slot } from "@sprtn/primitives";
import { payloadOf } from "@sprtn/protocol";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import type { BuiltBlock } from "@sprtn/state-transition";
import { FakeChain, FakeRollupView } from "@sprtn/testing";
import { expect } from "chai";
import { chooseParent } from "./index.js";

/** Blocks in slots 2 (on L1) and 4 (executed and attested here, not on L1). */
async function setUp() {
  const fixture = new ChainFixture();
  const onL1 = fixture.mine([]);
  const ahead = fixture.mine([]);
  const chain = new FakeChain(fixture);
  await chain.append(onL1.block);
  const rollup = new FakeRollupView(chain);
  const executed = new Map<number, BuiltBlock>();
  const attested = new Map<number, Field>();
  const proposals = {
    executed: (slot: Slot) => {
      const built = executed.get(slot);
      if (built === undefined) return [];
      const { header, archive } = built.block;
      return [{ built, proposal: { header, archive, txHashes: [], signature: new Uint8Array(64) } }];
    },
    keep: () => {},
  };
  const attestations = { attestationsOf: () => new Map(), attestedHeader: (slot: Slot) => attested.get(slot) };
  const execute = (built: BuiltBlock) => {
    executed.set(built.block.header.slot, built);
    chain.keep(built.block, chain.forkAt((built.block.header.number - 1) as Parameters<FakeChain["forkAt"]>[0]));
  };
  execute(ahead);
  attested.set(4, payloadOf(ahead.block).headerHash);
  const choose = (slot: number, lateness: number) =>
    chooseParent({ blocks: chain, forks: chain, rollup, proposals, attestations }, Slot(slot), lateness);
  return { fixture, chain, rollup, executed, attested, execute, ahead, onL1, choose };
}

describe("choosing the parent", () => {
  it("none while this node does not follow L1's tip", async () => {
    const { chain, rollup, choose } = await setUp();
    chain.isSynced = false;
    expect(await choose(5, 1)).to.equal(undefined);
    chain.isSynced = true;
    rollup.unseen = 1;
    expect(await choose(5, 1)).to.equal(undefined);
    rollup.unseen = -1;
    expect(await choose(5, 1)).to.equal(undefined);
  });

  it("the pending tip, where proposals may not be late", async () => {
    const { choose, onL1 } = await setUp();
    const parent = await choose(5, 0);
    expect(parent?.header).to.deep.equal(onL1.block.header);
    expect(parent?.unpublishedParent).to.equal(undefined);
    expect(parent?.fork.archiveRoot()).to.equal(onL1.block.archive);
  });

  it("PEND-9: a block with a quorum that L1 can still take, PEND-2: not one that is too late", async () => {
    const { choose, ahead, onL1 } = await setUp();
    const parent = await choose(5, 1);
    expect(parent?.header).to.deep.equal(ahead.block.header);
    expect(parent?.unpublishedParent?.built).to.equal(ahead);
    expect((await choose(6, 1))?.header).to.deep.equal(onL1.block.header);
    expect((await choose(6, 2))?.header).to.deep.equal(ahead.block.header);
    // Its own slot is over only when the next begins.
    expect((await choose(4, 1))?.header).to.deep.equal(onL1.block.header);
  });

  it("PEND-9: not without a quorum, or one for another header", async () => {
    const { choose, onL1, attested } = await setUp();
    attested.set(4, onL1.block.headerHash);
    expect((await choose(5, 1))?.unpublishedParent).to.equal(undefined);
    attested.delete(4);
    expect((await choose(5, 1))?.unpublishedParent).to.equal(undefined);
  });

  it("PEND-9: not one that L1 has by now, or that builds on something else", async () => {
    const { choose, chain, ahead } = await setUp();
    await chain.append(ahead.block);
    expect((await choose(5, 1))?.unpublishedParent).to.equal(undefined);
    await chain.remove(2);
    expect((await choose(5, 1))?.unpublishedParent).to.equal(undefined);
    // Another block at the height of its parent.
    await chain.append(new ChainFixture().mine([], { ...new ChainFixture().environment(), slot: Slot(3) }).block);
    expect((await choose(5, 1))?.header).to.deep.equal(chain.tip.header);
  });

  it("PEND-9: not one whose state was not kept", async () => {
    const { choose, chain, onL1 } = await setUp();
    chain.forkOn = () => undefined;
    const parent = await choose(5, 1);
    expect(parent?.header).to.deep.equal(onL1.block.header);
    expect(parent?.unpublishedParent).to.equal(undefined);
  });
});
