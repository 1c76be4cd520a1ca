import { expect } from "chai";
import { BlockNumber, Field } from "@sprtn/primitives";
import { buildDeployment, FakeL1, FakeRollup } from "@sprtn/testing";
import { ArchiverErrorCode } from "./archiver-error.js";
import { freshNode, TestNode } from "./test/node.js";

describe("archiver: following", () => {
  let node: TestNode;
  beforeEach(async () => {
    node = await new TestNode().start();
  });
  afterEach(() => node.stop());

  it("holds genesis before L1 holds anything", async () => {
    const { pending, proven, finalized } = node.archiver.tips();
    expect([pending.number, proven.number, finalized.number]).to.deep.equal([0, 0, 0]);
    expect((await node.archiver.block(BlockNumber(0)))?.archive).to.equal(node.rollup.deployment.genesis.archive);
    expect(await node.archiver.block(BlockNumber(1))).to.equal(undefined);
    expect(await node.archiver.l1Position(BlockNumber(0))).to.equal(undefined);
    expect(node.archiver.synced()).to.equal(true);
  });

  it("follows blocks with their transactions and says where they are", async () => {
    const at = node.rollup.mine(turn => {
      turn.propose({ txs: 3 });
      turn.propose({ txs: 0, slots: 2 });
    });
    await node.poll();
    const [, first, second] = node.rollup.blocks;
    expect(node.archiver.tips().pending).to.deep.equal({ number: 2, hash: second?.headerHash });
    expect(await node.archiver.block(BlockNumber(1))).to.deep.equal(first);
    expect((await node.archiver.l1Position(BlockNumber(2)))?.blockHash).to.equal(at.hash);
    const effect = first?.effects[2];
    expect(await node.archiver.minedTx(effect?.txHash as Field)).to.deep.equal({
      block: { number: 1, hash: first?.headerHash },
      index: 2,
      effect,
    });
    expect(await node.archiver.minedTx(Field(12345))).to.equal(undefined);
    expect(node.state.tip()).to.include({ number: 2, archive: second?.archive });
    expect(node.meter.value("sprtn_archiver_blocks_total")).to.equal(2);
    expect(node.meter.value("sprtn_archiver_txs_total")).to.equal(3);
  });

  it("polls by itself, every pollingIntervalMs", async () => {
    node.rollup.mine(turn => turn.propose());
    await node.clock.advance(999);
    expect(node.archiver.tips().pending.number).to.equal(0);
    await node.clock.advance(1);
    expect(node.archiver.tips().pending.number).to.equal(1);
  });

  it("MSG-1: gathers messages by the block that consumes them", async () => {
    node.rollup.mine(turn => {
      for (let i = 0; i < 17; i++) turn.send();
    });
    await node.poll();
    expect(await node.archiver.nextMessageBlock()).to.equal(3);
    expect(await node.archiver.messages(BlockNumber(3)))
      .to.deep.equal(node.rollup.messages(3))
      .and.to.have.length(16);
    expect(await node.archiver.messages(BlockNumber(4))).to.have.length(1);
    expect(await node.archiver.messages(BlockNumber(5))).to.deep.equal([]);
    expect(await node.archiver.messageIndex(node.rollup.messages(4)[0] as Field)).to.equal(48n);
    expect(await node.archiver.messageIndex(Field(1))).to.equal(undefined);
    node.rollup.mine(turn => {
      for (let i = 0; i < 4; i++) turn.propose();
    });
    await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(4);
    expect(await node.archiver.nextMessageBlock()).to.equal(undefined);
  });

  it("FINAL-1: finalizes a proven block with the L1 block of its proof, not before", async () => {
    const proposed = node.rollup.mine(turn => turn.propose());
    const proof = node.rollup.mine(turn => turn.prove());
    await node.poll();
    expect(node.archiver.tips()).to.deep.include({ proven: node.archiver.tips().pending });
    node.l1.finalize(proposed.number);
    await node.poll();
    expect(node.archiver.tips().finalized.number).to.equal(0);
    expect(node.state.oldest()).to.equal(0);
    node.l1.finalize(proof.number);
    await node.poll();
    expect(node.archiver.tips().finalized).to.deep.equal(node.archiver.tips().pending);
    expect(node.state.oldest()).to.equal(1);
    expect(node.events.map(event => event.type)).to.deep.equal(["blocks-added", "proven", "finalized"]);
  });

  it("PROV-4: a prune drops the pending chain to the proven tip; a new chain takes its place", async () => {
    node.rollup.mine(turn => {
      turn.propose();
      turn.propose();
      turn.prove(1);
      turn.propose();
    });
    await node.poll();
    const [, , ...dropped] = node.rollup.blocks;
    node.rollup.mine(turn => {
      turn.prune();
      turn.propose();
    });
    await node.poll();
    expect(node.archiver.tips().pending).to.deep.equal({ number: 2, hash: node.rollup.tip.headerHash });
    expect(await node.archiver.minedTx(dropped[1]?.effects[0]?.txHash as Field)).to.equal(undefined);
    expect(await node.archiver.block(BlockNumber(3))).to.equal(undefined);
    const [removed, added] = node.events.slice(-2);
    expect(removed).to.deep.include({ type: "blocks-removed", cause: "prune", removed: dropped });
    expect(removed).to.have.nested.property("tip.number", 1);
    expect(added).to.deep.equal({ type: "blocks-added", blocks: [node.rollup.tip] });
    expect(node.meter.value("sprtn_archiver_prunes_total")).to.equal(1);
  });

  it("counts a prune once, however often its L1 block is read", async () => {
    const prunes = () => node.meter.value("sprtn_archiver_prunes_total");
    node.rollup.mine(turn => turn.propose());
    node.rollup.mine(turn => turn.prune());
    node.store.onWrite = () => "lost";
    for (let i = 0; i < 3; i++) await node.poll();
    expect(prunes() ?? 0).to.equal(0);
    node.store.onWrite = () => "done";
    await node.poll();
    expect(prunes()).to.equal(1);
    // Two readings make a verdict, and a restart is one more.
    node.rollup.mine(turn => {
      turn.propose();
      turn.prune();
      turn.propose({ header: header => ({ ...header, stateHash: Field(9) }) });
    });
    await node.poll();
    await node.crash();
    await node.start();
    expect(prunes()).to.equal(2);
  });

  it("a transaction that a prune dropped can be mined again", async () => {
    node.rollup.mine(turn => turn.propose());
    const effects = node.rollup.tip.effects;
    node.rollup.mine(turn => {
      turn.prune();
      turn.propose({ txs: 0 });
      turn.propose({ txs: effects });
    });
    await node.poll();
    expect((await node.archiver.minedTx(effects[0]?.txHash as Field))?.block.number).to.equal(2);
  });

  it(
    "tells listeners one after another, awaiting each, after the state has followed; a listener that fails is " +
      "reported",
    async () => {
      const order: string[] = [];
      const stop = node.archiver.subscribe(async event => {
        order.push(`begin ${event.type} at ${node.state.tip().number}`);
        await Promise.resolve();
        order.push("end");
      });
      node.archiver.subscribe(() => {
        order.push("second");
        throw new TypeError("listener");
      });
      node.rollup.mine(turn => {
        turn.propose();
        turn.prove();
      });
      await node.poll();
      expect(order).to.deep.equal(["begin blocks-added at 1", "end", "second", "begin proven at 1", "end", "second"]);
      expect(node.log.messages("error")).to.have.length(2);
      stop();
      node.rollup.mine(turn => turn.propose());
      await node.poll();
      expect(order.slice(6)).to.deep.equal(["second"]);
    },
  );

  it("asks an idle L1 for two things a round", async () => {
    node.rollup.mine(turn => turn.propose());
    await node.poll();
    const before = { ...node.l1.calls };
    await node.poll();
    expect(node.l1.calls).to.deep.equal({ ...before, head: before.head + 1, finalized: before.finalized + 1 });
  });

  const contradictions: Record<string, (node: TestNode) => void> = {
    "a gap in the messages": ({ l1 }) =>
      void l1.mine({
        type: "message-sent",
        blockNumber: BlockNumber(3),
        message: { recipient: Field(7), amount: 1n, globalIndex: 33n, secretHash: Field(1) },
        hash: Field(1),
      }),
    "a message with another hash": ({ l1 }) =>
      void l1.mine({
        type: "message-sent",
        blockNumber: BlockNumber(3),
        message: { recipient: Field(7), amount: 1n, globalIndex: 32n, secretHash: Field(1) },
        hash: Field(1),
      }),
    "a proof of a block that was never shown": ({ l1, rollup }) =>
      void l1.mine({
        type: "block-proven",
        number: BlockNumber(5),
        prover: rollup.deployment.contracts.rollup,
        firstBlock: BlockNumber(1),
        archive: Field(5),
      }),
    "a prune below the proven tip": ({ l1, rollup }) => {
      rollup.mine(turn => {
        turn.propose();
        turn.prove();
      });
      l1.mine({ type: "pruned", tip: BlockNumber(0), oldTip: BlockNumber(1) });
    },
  };
  for (const [what, script] of Object.entries(contradictions)) {
    it(`stores nothing of a range with ${what}, and reads it again`, async () => {
      script(node);
      const writes = node.store.writes;
      for (let i = 0; i < 9; i++) await node.poll();
      expect(node.store.writes).to.equal(writes);
      expect(node.archiver.synced()).to.equal(false);
      expect(node.archiver.trouble()?.code).to.equal(ArchiverErrorCode.L1_EVENTS_MISSING);
      expect(node.codes("warn")).to.deep.equal([ArchiverErrorCode.L1_EVENTS_MISSING]);
      expect(node.codes("error")).to.deep.equal([]);
      expect(node.l1.turns).to.be.at.least(9);
    });
  }

  it("refuses the data of another deployment", async () => {
    const other = new FakeRollup(new FakeL1(), buildDeployment({ rollupVersion: 2n }));
    const error = await new TestNode(other, { store: node.store }).start().catch((thrown: unknown) => thrown);
    expect(error).to.have.property("code", ArchiverErrorCode.OTHER_CHAIN);
  });
});

/** 60 blocks, proven every ten of them, L1 finalized up to the 45th; one prune on the way. */
function history(): FakeRollup {
  const rollup = new FakeRollup(new FakeL1());
  for (let i = 1; i <= 60; i++) {
    rollup.mine(turn => {
      if (i % 4 === 0) turn.send();
      turn.propose({ txs: i % 3 });
      if (i === 25) {
        for (let j = 0; j < 5; j++) turn.propose();
        turn.prune();
      }
      if (i % 10 === 5 && i <= 55) turn.prove();
    });
  }
  rollup.l1.finalize(45);
  return rollup;
}

describe("archiver: a slow L1", () => {
  it("is not in step with what L1 showed longer than a slot ago", async () => {
    const node = await new TestNode().start();
    const slotMs = 1000 * node.rollup.deployment.parameters.slotDuration;
    const { reader } = node;
    const { finalized } = reader;
    for (const [takesMs, isInStep] of [
      [slotMs, true],
      [slotMs + 1, false],
      [0, true],
    ] as const) {
      reader.finalized = async () => {
        node.clock.advanceSync(takesMs);
        return finalized.call(reader);
      };
      await node.poll();
      expect(node.archiver.synced(), `${takesMs} ms`).to.equal(isInStep);
      expect(node.archiver.trouble()).to.equal(undefined);
    }
    // Nor while no round comes to its end: after a sleep of the machine, and with a wall clock that was set back.
    node.clock.jump(slotMs + 1);
    expect(node.archiver.synced()).to.equal(false);
    await node.poll();
    node.clock.jump(-3_600_000);
    expect(node.archiver.synced()).to.equal(true);
    reader.head = () => Promise.reject(new Error("no answer"));
    node.clock.advanceSync(slotMs + 1);
    expect(node.archiver.synced()).to.equal(false);
    await node.stop();
  });
});

describe("archiver: catching up", () => {
  it("applies finalized blocks in bulk and ends as a node that was there all the time", async () => {
    const rollup = history();
    const fresh = await freshNode(rollup);
    expect(fresh.state.appliedInBulk.length).to.be.greaterThan(20);
    expect(fresh.archiver.tips().pending.number).to.equal(rollup.tip.header.number);
    expect(fresh.archiver.tips().finalized.number).to.equal(fresh.state.oldest());

    for (const range of [1, 7, 20]) {
      const slow = await new TestNode(rollup, { l1RangeBlocks: range }).start();
      await slow.stop();
      expect(await slow.view()).to.deep.equal(await fresh.view());
    }
  });

  it("reads again what its own lost data held, under a state that is ahead", async () => {
    const rollup = history();
    const node = await freshNode(rollup);
    const again = await new TestNode(rollup, { state: node.state.crash() }).start();
    expect(again.state.appliedInBulk.length).to.equal(0);
    expect(again.archiver.synced()).to.equal(true);
    await again.stop();
    expect(await again.view()).to.deep.equal(await node.view());
  });

  it("builds a lost state again from its own data", async () => {
    const rollup = history();
    const node = await freshNode(rollup);
    const again = await new TestNode(rollup, { store: node.store }).start();
    expect(again.state.appliedInBulk.length).to.equal(again.archiver.tips().finalized.number);
    await again.stop();
    expect(await again.view()).to.deep.equal(await node.view());
  });

  it("does not follow with a state that is finalized on another chain", async () => {
    const other = new FakeRollup(new FakeL1());
    other.mine(turn => {
      for (let i = 0; i < 5; i++) turn.propose({ txs: 7 });
      turn.prove();
    });
    other.l1.finalize();
    const mixed = await new TestNode(history(), { state: (await freshNode(other)).state.crash() }).start();
    await mixed.poll();
    expect(mixed.archiver.tips().pending.number).to.equal(0);
    expect(mixed.archiver.synced()).to.equal(false);
    expect(mixed.codes("error")).to.deep.equal([ArchiverErrorCode.STATE_DIVERGED]);
    await mixed.stop();
  });

  it("is not synced while its state is ahead of all that L1 shows", async () => {
    const rollup = new FakeRollup(new FakeL1());
    for (let i = 0; i < 2; i++) {
      rollup.mine(turn => {
        turn.propose();
        turn.propose();
        turn.prove();
      });
    }
    rollup.l1.finalize();
    const { state } = await freshNode(rollup);
    rollup.l1.unfinalize();
    rollup.drop(1);
    rollup.l1.finalize();
    const node = await new TestNode(rollup, { state: state.crash() }).start();
    expect(node.archiver.tips().pending.number).to.equal(2);
    expect(node.archiver.synced()).to.equal(false);
    expect(node.log.messages("error")).to.deep.equal([]);
    await node.stop();
  });

  it("does not follow with a state that is finalized further than L1 goes", async () => {
    const rollup = new FakeRollup(new FakeL1());
    rollup.mine(turn => {
      for (let i = 0; i < 5; i++) turn.propose({ txs: 7 });
      turn.prove();
    });
    rollup.l1.finalize();
    const { state } = await freshNode(rollup);
    const short = new FakeRollup(new FakeL1());
    short.mine(turn => turn.propose());
    const node = await new TestNode(short, { state: state.crash() }).start();
    expect(node.archiver.synced()).to.equal(false);
    expect(node.codes("error")).to.deep.equal([ArchiverErrorCode.STATE_DIVERGED]);
    await node.stop();
  });

  it("is not synced while far behind", async () => {
    const rollup = history();
    const node = new TestNode(rollup, { l1RangeBlocks: 10 });
    const during: boolean[] = [];
    node.archiver.subscribe(() => void during.push(node.archiver.synced()));
    await node.start();
    expect(new Set(during)).to.deep.equal(new Set([false]));
    expect(node.archiver.synced()).to.equal(true);
    await node.stop();
  });
});
