import { expect } from "chai";
import { Field } from "@sprtn/primitives";
import { decodeHeader, encodeHeader } from "@sprtn/protocol";
import { FakeL1, FakeRollup } from "@sprtn/testing";
import { ArchiverErrorCode } from "./archiver-error.js";
import { BlockFaultCode } from "./block-fault.js";
import { decodeChainRecord } from "./store/chain-record.js";
import { CHAIN_KEY } from "./store/keys.js";
import type { ReaderFaults } from "./test/faulty-reader.js";
import { freshNode, TestNode } from "./test/node.js";

/** Blocks, messages, a proof, a prune, blocks again; `afterwards` sees the node in between. */
async function happen({ rollup }: TestNode, between: () => Promise<void>): Promise<void> {
  const turns: ((turn: Parameters<Parameters<FakeRollup["mine"]>[0] & object>[0]) => void)[] = [
    turn => turn.propose(),
    turn => turn.send(),
    turn => void turn.propose(),
    turn => turn.prove(1),
    turn => void turn.propose(),
    turn => turn.prune(),
    turn => void turn.propose(),
    turn => void turn.propose(),
    turn => void turn.send(),
    turn => void turn.propose(),
  ];
  for (const turn of turns) {
    rollup.mine(turn);
    await between();
  }
}

async function expectInStep(node: TestNode): Promise<void> {
  for (let i = 0; i < 6; i++) await node.poll();
  expect(node.archiver.synced(), JSON.stringify(node.archiver.trouble())).to.equal(true);
  expect(node.archiver.trouble()).to.equal(undefined);
  expect(await node.view()).to.deep.equal(await (await freshNode(node.rollup)).view());
}

function storedVerdict(node: TestNode): unknown {
  const bytes = node.store.get(CHAIN_KEY);
  return bytes && decodeChainRecord(bytes).bad;
}

const types = ["block-proposed", "message-sent", "block-proven", "pruned"] as const;

describe("archiver: events that an endpoint leaves out", () => {
  for (const type of types) {
    for (const [where, faults] of Object.entries<ReaderFaults>({
      "an endpoint": {},
      "one that keeps no state": { stateless: true },
      "one that keeps no state, on an L1 of full blooms": { stateless: true, bloomless: true },
    })) {
      it(`no ${type} from ${where}: no block is at fault, a good answer heals it, after a restart too`, async () => {
        const node = await new TestNode().start();
        node.reader.faults = { ...faults, misses: event => event.type === type };
        await happen(node, async () => {
          await node.poll();
          expect(storedVerdict(node) ?? null).to.equal(null);
        });
        await node.crash();
        await node.start();
        expect(storedVerdict(node) ?? null).to.equal(null);
        node.reader.faults = {};
        await expectInStep(node);
        await node.stop();
      });

      it(`no ${type} from ${where} while it catches up with what L1 has finalized`, async () => {
        const history = new FakeRollup(new FakeL1());
        const node = new TestNode(history, { l1RangeBlocks: 2 });
        await happen(node, async () => {});
        history.l1.finalize();
        node.reader.faults = { ...faults, misses: event => event.type === type };
        await node.start();
        for (let i = 0; i < 5; i++) await node.poll();
        expect(storedVerdict(node) ?? null).to.equal(null);
        node.reader.faults = {};
        history.mine();
        // Reading all of it again is tried ever more seldom.
        for (let i = 0; i < 10; i++) await node.poll();
        await expectInStep(node);
        await node.stop();
      });
    }
  }

  it("one empty answer: not in step, one warning with a code, and in step with the next round", async () => {
    const node = await new TestNode().start();
    node.rollup.mine(turn => turn.propose());
    node.reader.faults = { misses: () => true };
    await node.poll();
    expect(node.archiver.synced()).to.equal(false);
    expect(node.archiver.trouble()?.code).to.equal(ArchiverErrorCode.L1_EVENTS_MISSING);
    expect(node.codes("warn")).to.deep.equal([ArchiverErrorCode.L1_EVENTS_MISSING]);
    node.reader.faults = {};
    await node.poll();
    await expectInStep(node);
    expect(node.codes("error")).to.deep.equal([]);
    await node.stop();
  });

  it("asks another endpoint when events are missing", async () => {
    const node = await new TestNode().start();
    node.reader.faults = { misses: () => true };
    node.reader.onTurnAway = () => (node.reader.faults = {});
    node.rollup.mine(turn => turn.propose());
    await node.poll();
    await node.poll();
    await expectInStep(node);
    await node.stop();
  });

  it("takes an event that is given twice, or late, for one", async () => {
    const node = await new TestNode().start();
    node.reader.faults = { repeats: true };
    await happen(node, () => node.poll());
    await expectInStep(node);
    expect(node.codes("warn")).to.deep.equal([]);
    await node.stop();
  });
});

describe("archiver: verdicts", () => {
  const bad = { header: (header: object) => ({ ...header, stateHash: Field(9) }) as never };

  it("come of two readings: a block that only one endpoint shows as faulty is followed", async () => {
    const node = await new TestNode().start();
    node.reader.faults = {
      stateless: true,
      alters: event => (event.type === "block-proposed" ? { ...event, archive: Field(5) } : event),
    };
    node.reader.onTurnAway = () => (node.reader.faults = {});
    node.rollup.mine(turn => turn.propose());
    await node.poll();
    expect(storedVerdict(node) ?? null).to.equal(null);
    await node.poll();
    await expectInStep(node);
    expect(node.codes("warn")).to.deep.equal([ArchiverErrorCode.L1_EVENTS_MISSING]);
    await node.stop();
  });

  it("name what was judged", async () => {
    const node = await new TestNode().start();
    node.rollup.mine(turn => turn.propose(bad));
    const { headerHash, archive } = node.rollup.tip;
    await node.poll();
    const { number: l1Block, hash } = await node.l1.head();
    expect(storedVerdict(node)).to.deep.include({
      number: 1,
      code: BlockFaultCode.STATE_REJECTED,
      evidence: { l1Block, l1Hash: hash, transactionHash: hash, headerHash, archive },
      tip: { number: 1, archive },
    });
    await node.stop();
  });

  const otherState = (header: Uint8Array) => encodeHeader({ ...decodeHeader(header), stateHash: Field(9) });

  /** An endpoint that lies by itself, on its own for long enough for two readings. */
  async function misled(finalized: boolean): Promise<TestNode> {
    const node = await new TestNode().start();
    for (let i = 0; i < 3; i++) {
      node.rollup.mine(turn => {
        turn.send();
        turn.propose();
      });
    }
    node.rollup.mine(turn => turn.prove(2));
    await node.poll();
    node.reader.faults = {
      stateless: true,
      alters: event =>
        event.type === "block-proposed" && event.number === 4 ? { ...event, header: otherState(event.header) } : event,
    };
    node.rollup.mine(turn => turn.propose());
    await node.poll();
    expect(storedVerdict(node)).to.include({ number: 4 });
    node.rollup.mine(turn => {
      turn.send();
      turn.propose();
    });
    if (finalized) node.l1.finalize();
    await node.poll();
    expect(storedVerdict(node)).to.include({ number: 4 });
    expect(node.archiver.trouble()?.code).to.equal(BlockFaultCode.STATE_REJECTED);
    return node;
  }

  for (const finalized of [false, true]) {
    const what = finalized ? "finalized meanwhile" : "not final";
    it(`are given anew after a restart (${what})`, async () => {
      const node = await misled(finalized);
      await node.crash();
      node.reader.faults = {};
      await node.start();
      await expectInStep(node);
      await node.stop();
    });

    it(`are given anew from another endpoint after a while (${what})`, async () => {
      const node = await misled(finalized);
      node.reader.onTurnAway = () => (node.reader.faults = {});
      for (let i = 0; i < 70; i++) await node.poll();
      await expectInStep(node);
      await node.stop();
    });

    it(`are given anew at once when the endpoint that was asked leaves out events (${what})`, async () => {
      const node = await misled(finalized);
      node.reader.onTurnAway = () => (node.reader.faults = { misses: () => true });
      for (let i = 0; node.archiver.trouble()?.code !== ArchiverErrorCode.L1_EVENTS_MISSING; i++) {
        expect(i).to.be.below(70);
        await node.poll();
      }
      node.reader.onTurnAway = () => {};
      node.reader.faults = {};
      await expectInStep(node);
      await node.stop();
    });

    it(`of an earlier version, without evidence, are given anew (${what})`, async () => {
      const node = await misled(finalized);
      const { evidence: _evidence, tip: _tip, ...old } = storedVerdict(node) as { evidence: unknown; tip: unknown };
      const record = JSON.parse(new TextDecoder().decode(node.store.get(CHAIN_KEY))) as object;
      await node.stop();
      await node.store.write([
        {
          type: "put",
          key: CHAIN_KEY,
          value: new TextEncoder().encode(
            JSON.stringify({ ...record, bad: { ...old, code: "BLOCK_PEND_1_WRONG_NUMBER", proven: undefined } }),
          ),
        },
      ]);
      await node.crash();
      node.reader.faults = {};
      await node.start();
      await expectInStep(node);
      await node.stop();
    });
  }

  it("leave the blocks on top of a bad one to be counted: one that is missing is missed", async () => {
    const node = await new TestNode().start();
    node.rollup.mine(turn => turn.propose(bad));
    await node.poll();
    node.reader.faults = { stateless: true, misses: event => event.type === "block-proposed" && event.number === 2 };
    node.rollup.mine(turn => turn.propose());
    node.rollup.mine(turn => turn.propose());
    await node.poll();
    expect(node.archiver.trouble()?.code).to.equal(ArchiverErrorCode.L1_EVENTS_MISSING);
    node.reader.faults = {};
    await node.poll();
    expect(storedVerdict(node)).to.deep.include({ number: 1, tip: { number: 3, archive: node.rollup.tip.archive } });
    await node.stop();
  });

  it("hide no proof that is missing below the bad block", async () => {
    const node = await new TestNode().start();
    node.reader.faults = { stateless: true, misses: event => event.type === "block-proven" };
    node.rollup.mine(turn => turn.propose());
    node.rollup.mine(turn => turn.prove());
    await node.poll();
    node.rollup.mine(turn => turn.propose(bad));
    await node.poll();
    expect(storedVerdict(node)).to.include({ number: 2 });
    expect(node.archiver.tips().proven.number).to.equal(0);
    node.reader.faults = {};
    for (let i = 0; i < 4; i++) await node.poll();
    expect(node.archiver.tips().proven.number).to.equal(1);
    expect(storedVerdict(node)).to.include({ number: 2 });
    await node.stop();
  });

  it("on the first block, final on L1, hide no block that is missing on top of it", async () => {
    const node = await new TestNode().start();
    node.rollup.mine(turn => turn.propose(bad));
    node.l1.finalize();
    await node.poll();
    node.reader.faults = { stateless: true, misses: event => event.type === "block-proposed" };
    node.rollup.mine(turn => turn.propose());
    node.l1.finalize();
    await node.poll();
    node.reader.faults = {};
    node.rollup.mine();
    for (let i = 0; i < 4; i++) await node.poll();
    expect(node.archiver.trouble()?.code).to.equal(BlockFaultCode.STATE_REJECTED);
    expect(storedVerdict(node)).to.deep.include({ number: 1, tip: { number: 2, archive: node.rollup.tip.archive } });
    await node.stop();
  });

  it("stand when they are given again, and are not told again", async () => {
    const node = await new TestNode().start();
    node.rollup.mine(turn => turn.propose());
    node.rollup.mine(turn => turn.propose(bad));
    for (let i = 0; i < 200; i++) await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(1);
    expect(node.archiver.synced()).to.equal(false);
    expect(node.codes("warn")).to.have.length(1);
    expect(node.events.map(event => event.type)).to.deep.equal(["blocks-added"]);
    await node.stop();
  });
});

describe("archiver: an L1 with a hole", () => {
  it("names the block that L1 lacks below its head, once, and goes on when it is there", async () => {
    const node = await new TestNode().start();
    for (let i = 0; i < 5; i++) node.rollup.mine(turn => turn.propose());
    node.reader.faults = { hole: 3 };
    await node.poll();
    await node.poll();
    // What came before the hole is kept.
    expect(node.archiver.tips().pending.number).to.equal(2);
    const trouble = node.archiver.trouble();
    expect(trouble?.code).to.equal(ArchiverErrorCode.L1_BLOCK_MISSING);
    expect(node.archiver.synced()).to.equal(false);
    expect(node.codes("warn")).to.deep.equal([ArchiverErrorCode.L1_BLOCK_MISSING]);
    node.reader.faults = {};
    await node.poll();
    await expectInStep(node);
    await node.stop();
  });

  it("names it also among those that were read before", async () => {
    const node = await new TestNode().start();
    for (let i = 0; i < 5; i++) node.rollup.mine(turn => turn.propose());
    await node.poll();
    node.rollup.mine(turn => turn.propose());
    node.reader.faults = { hole: 5 };
    await node.poll();
    expect(node.archiver.trouble()?.code).to.equal(ArchiverErrorCode.L1_BLOCK_MISSING);
    node.reader.faults = {};
    await node.poll();
    await expectInStep(node);
    await node.stop();
  });

  it("keeps what it has read when a read fails on the way", async () => {
    const node = await new TestNode().start();
    for (let i = 0; i < 60; i++) node.rollup.mine(turn => turn.propose());
    let calls = 0;
    node.l1.beforeAnswer = method => {
      if (method === "block" && ++calls === 33) throw new RangeError("one read fails");
    };
    await node.poll();
    expect(node.archiver.tips().pending.number).to.be.within(20, 60);
    await expectInStep(node);
    await node.stop();
  });

  it("asks for a few blocks at a time", async () => {
    const node = await new TestNode().start();
    for (let i = 0; i < 60; i++) node.rollup.mine();
    let [open, most] = [0, 0];
    const { block } = node.reader;
    node.reader.block = async number => {
      most = Math.max(most, ++open);
      await Promise.resolve();
      open--;
      return block.call(node.reader, number);
    };
    await node.poll();
    expect(most).to.be.within(2, 8);
    expect(node.archiver.synced()).to.equal(true);
    await node.stop();
  });

  it("says so when what L1 answers is of two chains for longer than L1 changes", async () => {
    const node = await new TestNode().start();
    node.rollup.mine(turn => turn.propose());
    node.reader.faults = {
      alters: event => ({ ...event, position: { ...event.position, blockHash: `0x${"ab".repeat(32)}` as never } }),
    };
    for (let i = 0; i < 6; i++) await node.poll();
    expect(node.archiver.trouble()?.code).to.equal(ArchiverErrorCode.L1_UNSETTLED);
    expect(node.archiver.synced()).to.equal(false);
    node.reader.faults = {};
    await expectInStep(node);
    await node.stop();
  });

  it("says so when an endpoint falls back and stays there", async () => {
    const node = await new TestNode().start();
    for (let i = 0; i < 5; i++) node.rollup.mine(turn => turn.propose());
    await node.poll();
    node.reader.faults = { lag: 3 };
    for (let i = 0; i < 40; i++) await node.poll();
    expect(node.archiver.trouble()?.code).to.equal(ArchiverErrorCode.L1_BEHIND);
    expect(node.archiver.tips().pending.number).to.equal(5);
    expect(node.codes("warn")).to.deep.equal([ArchiverErrorCode.L1_BEHIND]);
    node.reader.faults = {};
    await node.poll();
    await expectInStep(node);
    await node.stop();
  });
});
