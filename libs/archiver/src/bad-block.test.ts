import { expect } from "chai";
import { Field } from "@sprtn/primitives";
import type { L1Block } from "@sprtn/ports";
import { buildEffect, FakeL1, FakeRollup, type Proposal } from "@sprtn/testing";
import { BlockFaultCode } from "./block-fault.js";
import { freshNode, TestNode } from "./test/node.js";

const wrongStateHash: Proposal = { header: header => ({ ...header, stateHash: Field(9) }) };
const wrongOutHash: Proposal = { header: header => ({ ...header, outHash: Field(9) }) };

describe("archiver: blocks that break a rule (PEND-8)", () => {
  let node: TestNode;
  beforeEach(async () => {
    node = await new TestNode().start();
  });
  afterEach(() => node.stop());

  for (const [what, bad] of Object.entries({ "by itself": wrongOutHash, "against the state": wrongStateHash })) {
    it(`stays below a block that is wrong ${what}, warns once, follows again after the prune`, async () => {
      node.rollup.mine(turn => turn.propose());
      node.rollup.mine(turn => turn.propose(bad));
      await node.poll();
      node.rollup.mine(turn => turn.propose());
      await node.poll();
      expect(node.archiver.tips().pending.number).to.equal(1);
      expect(node.state.tip().number).to.equal(1);
      expect(node.archiver.synced()).to.equal(false);
      expect(node.log.messages("warn")).to.have.length(1);
      expect(node.meter.value("sprtn_archiver_bad_block")).to.equal(1);
      node.rollup.mine(turn => turn.prune());
      node.rollup.mine(turn => turn.propose());
      await node.poll();
      expect(node.archiver.synced()).to.equal(true);
      expect(node.archiver.tips().pending).to.deep.equal({ number: 1, hash: node.rollup.tip.headerHash });
      expect(node.log.lines("info").map(line => line.fields["block"])).to.include(2);
      expect(node.meter.value("sprtn_archiver_bad_block")).to.equal(0);
      expect(await node.view()).to.deep.equal(await (await freshNode(node.rollup)).view());
    });
  }

  it("names the rule", async () => {
    node.rollup.mine(turn => turn.propose(wrongStateHash));
    await node.poll();
    const { number, hash } = (await node.l1.block(node.l1.headNumber)) as L1Block;
    expect(node.log.lines("warn")[0]?.fields).to.deep.equal({
      block: 1,
      code: BlockFaultCode.STATE_REJECTED,
      l1Block: number,
      l1Transaction: hash,
    });
  });

  it("gathers messages above a bad block", async () => {
    node.rollup.mine(turn => turn.propose(wrongOutHash));
    node.rollup.mine(turn => turn.send());
    await node.poll();
    expect(await node.archiver.nextMessageBlock()).to.equal(4);
  });

  it("refuses a transaction that an earlier block holds, though its nullifiers are others", async () => {
    node.rollup.mine(turn => turn.propose({ txs: [buildEffect(1000)] }));
    node.rollup.mine(turn => turn.propose({ txs: [buildEffect(1001, { txHash: buildEffect(1000).txHash })] }));
    await node.poll();
    expect(node.log.lines("warn")[0]?.fields).to.deep.include({ block: 2, code: BlockFaultCode.TX_TWICE });
    expect((await node.archiver.minedTx(buildEffect(1000).txHash))?.block.number).to.equal(1);
  });

  it("follows again when an L1 reorg takes the bad block away", async () => {
    node.rollup.mine(turn => turn.propose());
    node.rollup.mine(turn => turn.propose(wrongStateHash));
    await node.poll();
    node.rollup.drop(1);
    node.rollup.mine(turn => turn.propose());
    await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(2);
    expect(node.archiver.synced()).to.equal(true);
  });

  it("remembers the bad block across a restart, and says so", async () => {
    node.rollup.mine(turn => turn.propose(wrongStateHash));
    node.rollup.mine(turn => turn.propose());
    await node.poll();
    await node.crash();
    await node.start();
    expect(node.archiver.synced()).to.equal(false);
    const told = [1, BlockFaultCode.STATE_REJECTED];
    expect(node.log.lines("warn").map(({ fields }) => [fields["block"], fields["code"]])).to.deep.equal([told, told]);
    node.rollup.mine(turn => turn.prune());
    await node.poll();
    expect(node.archiver.synced()).to.equal(true);
  });

  it("cries out when L1 holds a proof of it, and does not follow (FINAL-2)", async () => {
    node.rollup.mine(turn => {
      turn.propose();
      turn.propose(wrongStateHash);
      turn.prove();
    });
    await node.poll();
    const { pending, proven } = node.archiver.tips();
    expect([pending.number, proven.number]).to.deep.equal([1, 1]);
    expect(node.log.messages("error")).to.have.length(1);
    node.rollup.mine(turn => turn.prune());
    await node.poll();
    expect(node.archiver.synced()).to.equal(false);
  });

  it("cries out once for a block, however often its range is read; again for another", async () => {
    node.store.onWrite = () => "lost";
    const turnBad = () =>
      node.rollup.mine(turn => {
        turn.propose();
        turn.propose(wrongOutHash);
        turn.prove();
      });
    turnBad();
    for (let i = 0; i < 3; i++) await node.poll();
    const cries = () => node.log.lines("error").filter(({ fields }) => "block" in fields);
    node.store.onWrite = () => "done";
    for (let i = 0; i < 3; i++) await node.poll();
    expect(cries()).to.have.length(1);
    node.rollup.drop(1);
    node.rollup.mine();
    await node.poll();
    turnBad();
    await node.poll();
    expect(cries()).to.have.length(2);
  });

  it("finds the bad one among finalized blocks that were to be applied in bulk", async () => {
    const rollup = new FakeRollup(new FakeL1());
    for (let i = 1; i <= 12; i++) rollup.mine(turn => turn.propose(i === 7 ? wrongStateHash : {}));
    rollup.mine(turn => turn.prove(12));
    rollup.l1.finalize();
    const fresh = await freshNode(rollup);
    const { pending, proven, finalized } = fresh.archiver.tips();
    expect([pending.number, proven.number, finalized.number]).to.deep.equal([6, 6, 6]);
    expect(fresh.state.tip().number).to.equal(6);
    expect(fresh.log.messages("warn")).to.have.length(1);
  });

  it("does not judge a block by a state that fails for reasons of its own", async () => {
    node.state.beforeChange = () => {
      throw new RangeError("the disk is full");
    };
    node.rollup.mine(turn => turn.propose());
    await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(0);
    expect(node.log.messages("warn")).to.deep.equal([]);
    expect(node.log.lines("error").map(({ fields }) => fields["code"])).to.deep.equal(["UNEXPECTED"]);
    node.state.beforeChange = () => {};
    await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(1);
    expect(node.archiver.synced()).to.equal(true);
    expect(node.log.messages("info")).to.have.length(1);
  });
});
