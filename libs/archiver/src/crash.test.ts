import { expect } from "chai";
import { FakeL1, FakeRollup } from "@sprtn/testing";
import { freshNode, TestNode } from "./test/node.js";

/**
 * Everything that can happen, a poll after each step: blocks, messages, proofs, finality, a prune, reorgs over both, a
 * bad block.
 */
const steps: readonly ((rollup: FakeRollup) => void)[] = [
  rollup => {
    for (let i = 0; i < 3; i++) {
      rollup.mine(turn => {
        turn.send();
        turn.propose();
      });
    }
  },
  rollup => rollup.mine(turn => turn.prove(2)),
  rollup => rollup.l1.finalize(2),
  rollup => {
    rollup.mine(turn => {
      turn.propose({ txs: 2 });
      turn.prune();
      turn.propose();
    });
  },
  rollup => {
    rollup.drop(1);
    rollup.mine(turn => turn.propose());
    rollup.mine();
  },
  rollup => rollup.mine(turn => turn.propose({ header: header => ({ ...header, txCount: 9 }) })),
  rollup => rollup.mine(turn => turn.prune()),
  rollup => {
    rollup.mine(turn => turn.propose());
    rollup.l1.finalize(rollup.l1.headNumber - 2);
  },
  rollup => {
    rollup.mine(turn => turn.prove());
    rollup.mine(turn => turn.propose());
    rollup.l1.finalize();
  },
  rollup => rollup.mine(turn => turn.propose()),
];

function expectOrdered(node: TestNode): void {
  const { pending, proven, finalized } = node.archiver.tips();
  expect(finalized.number).to.be.at.most(proven.number);
  expect(proven.number).to.be.at.most(pending.number);
}

async function run(node: TestNode, afterStep: (node: TestNode) => Promise<void>): Promise<void> {
  await node.start();
  for (const step of steps) {
    step(node.rollup);
    await node.poll();
    await afterStep(node);
    expectOrdered(node);
  }
  await node.poll();
  const { l1 } = node;
  expect(node.archiver.synced(), `synced with L1 block ${l1.headNumber}`).to.equal(true);
  expect(node.state.oldest(), "what is finalized is durable").to.equal(node.archiver.tips().finalized.number);
  await node.stop();
  const fresh = await freshNode(node.rollup);
  expect(await node.view()).to.deep.equal(await fresh.view());
}

describe("archiver: failures", () => {
  let writes: number;
  before(async () => {
    const node = new TestNode();
    await run(node, async () => {});
    writes = node.store.writes;
    expect(writes).to.be.greaterThan(steps.length - 1);
  });

  for (const fate of ["lost", "unsure"] as const) {
    it(`opens consistently after a crash at any write (the write is ${fate})`, async () => {
      for (let at = 1; at <= writes; at++) {
        const node = new TestNode(new FakeRollup(new FakeL1()));
        let failed = false;
        node.store.onWrite = write => {
          if (write !== at) return "done";
          failed = true;
          return fate;
        };
        if (at === 1)
          await node.start().then(
            () => expect.fail("the first write is lost"),
            () => node.crash(),
          );
        await run(node, async () => {
          if (!failed) return;
          failed = false;
          await node.crash();
          await node.start();
        });
      }
    });

    it(`goes on after a write that fails (and is ${fate}) without a restart, tells all once`, async () => {
      for (let at = 2; at <= writes; at++) {
        const node = new TestNode(new FakeRollup(new FakeL1()));
        const heights: number[] = [0];
        node.archiver.subscribe(event => {
          if (event.type === "blocks-removed") heights.splice((event.tip.number as number) + 1);
          if (event.type === "blocks-added") for (const block of event.blocks) heights.push(block.header.number);
          expect(heights).to.deep.equal(heights.map((_, index) => index));
        });
        node.store.onWrite = write => (write === at ? fate : "done");
        await run(node, () => node.poll());
        expect(heights.length - 1).to.equal(node.archiver.tips().pending.number);
        expect(new Set(node.log.lines("error").map(({ fields }) => fields["code"]))).to.deep.equal(
          new Set(["FAKE_KV_FAILED"]),
        );
      }
    });
  }

  it("opens consistently after a crash between any two steps", async () => {
    await run(new TestNode(), async node => {
      await node.crash();
      await node.start();
    });
  });

  it("recovers from a state that fails at any call", async () => {
    let calls = 0;
    const counting = new TestNode();
    counting.state.beforeChange = () => void calls++;
    await run(counting, async () => {});
    for (let at = 1; at <= calls; at++) {
      const node = new TestNode();
      let call = 0;
      node.state.beforeChange = () => {
        if (++call === at) throw new RangeError("the disk is full");
      };
      await run(node, () => node.poll());
      expect(call).to.be.at.least(calls);
    }
  });

  it("INV-1: finalized ≤ proven ≤ pending at every notification, in tips() and in what was told", async () => {
    const node = new TestNode();
    const told = { pending: 0, proven: 0, finalized: 0 };
    let notifications = 0;
    node.archiver.subscribe(event => {
      notifications++;
      if (event.type === "blocks-added") told.pending = event.blocks.at(-1)?.header.number ?? told.pending;
      else if (event.type === "blocks-removed") told.pending = event.tip.number;
      else told[event.type] = event.tip.number;
      expectOrdered(node);
      expect(told.finalized).to.be.at.most(told.proven);
      expect(told.proven).to.be.at.most(told.pending);
    });
    await run(node, async () => {});
    expect(notifications).to.be.greaterThan(8);
    expect(node.log.messages("error")).to.deep.equal([]);
  });
});
