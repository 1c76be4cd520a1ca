import { expect } from "chai";
import type { L1Event } from "@sprtn/ports";
import { FakeL1, FakeRollup, type RollupTurn } from "@sprtn/testing";
import { ArchiverErrorCode } from "./archiver-error.js";
import { freshNode, TestNode } from "./test/node.js";

const badly = { header: (header: object) => ({ ...header, txCount: 77 }) as never };

/** A node that loses events which nothing but later events can tell of: the endpoint keeps no state. */
async function losing(misses: (event: L1Event) => boolean): Promise<TestNode> {
  const node = await new TestNode(new FakeRollup(new FakeL1())).start();
  node.reader.faults = { stateless: true, misses };
  return node;
}

async function expectNoticed(node: TestNode): Promise<void> {
  expect(node.archiver.trouble()?.code).to.equal(ArchiverErrorCode.L1_EVENTS_MISSING);
}

/** The endpoint gives everything; a few rounds must do. */
async function expectHealed(node: TestNode): Promise<void> {
  node.reader.faults = {};
  node.rollup.mine();
  for (let i = 0; i < 6; i++) await node.poll();
  const fresh = await freshNode(node.rollup);
  expect(await node.view()).to.deep.equal(await fresh.view());
  expect(node.archiver.trouble()?.code).to.equal(fresh.archiver.trouble()?.code);
  await node.stop();
}

describe("archiver: missing events that only later events tell of", () => {
  it("a message whose block stands on a bad one", async () => {
    const node = await losing(event => event.type === "message-sent");
    node.rollup.mine(turn => turn.send());
    node.l1.finalize();
    node.rollup.mine(turn => {
      turn.propose();
      turn.propose(badly);
      turn.propose();
    });
    await node.poll();
    await expectNoticed(node);
    await expectHealed(node);
  });

  it("a message of the bad block itself", async () => {
    const node = await losing(event => event.type === "message-sent");
    node.rollup.mine(turn => turn.send());
    node.rollup.mine(turn => {
      turn.propose();
      turn.propose();
      turn.propose(badly);
    });
    await node.poll();
    await expectNoticed(node);
    await expectHealed(node);
  });

  it("a prune of a bad block, and the blocks that came in its place", async () => {
    const lost = new Set<L1Event>();
    const node = await losing(event => lost.has(event));
    node.rollup.mine(turn => turn.propose(badly));
    await node.poll();
    const { number } = node.rollup.mine(turn => {
      turn.prune();
      turn.propose();
    });
    for (const event of await node.l1.events(number, number)) lost.add(event);
    node.rollup.mine(turn => turn.propose());
    await node.poll();
    await expectNoticed(node);
    await expectHealed(node);
  });

  it("a final proof, beside a bad block that is read twice for its verdict", async () => {
    const node = await new TestNode(new FakeRollup(new FakeL1()), { l1RangeBlocks: 1 }).start();
    node.rollup.mine(turn => {
      turn.propose();
      turn.prove();
    });
    node.rollup.mine();
    node.reader.faults = {
      stateless: true,
      misses: event => event.type === "block-proven" || event.position.blockNumber > 1,
    };
    node.rollup.mine(turn => {
      turn.propose();
      turn.propose();
      turn.propose(badly);
    });
    node.l1.finalize(1);
    node.rollup.mine();
    await node.poll();
    await expectHealed(node);
  });

  for (const finalized of [false, true]) {
    it(`a prune and a block proven in place of another${finalized ? ", before L1 finalizes it" : ""}`, async () => {
      const node = await losing(event => event.type === "pruned" || event.position.logIndex === 2);
      node.rollup.mine(turn => {
        turn.propose();
        turn.prune();
        turn.propose();
        turn.prove();
      });
      await node.poll();
      await expectNoticed(node);
      if (finalized) node.l1.finalize();
      for (let i = 0; i < 3; i++) await node.poll();
      expect(node.archiver.tips().finalized.number).to.equal(0);
      await expectHealed(node);
    });
  }

  it("a proof, when the next one comes", async () => {
    const node = await losing(event => event.type === "block-proven" && event.number === 1);
    for (let i = 0; i < 2; i++) {
      node.rollup.mine(turn => {
        turn.propose();
        turn.prove();
      });
    }
    await node.poll();
    await expectNoticed(node);
    await expectHealed(node);
  });

  it("a proof, when a prune goes no lower", async () => {
    const node = await losing(event => event.type === "block-proven");
    node.rollup.mine(turn => {
      turn.propose();
      turn.prove();
    });
    node.rollup.mine(turn => turn.prune());
    await node.poll();
    await expectNoticed(node);
    await expectHealed(node);
  });

  it("blocks that a prune has taken back", async () => {
    const node = await losing(event => event.type === "block-proposed" && event.number === 2);
    node.rollup.mine(turn => turn.propose());
    node.rollup.mine(turn => turn.propose());
    node.rollup.mine(turn => turn.prune());
    await node.poll();
    await expectNoticed(node);
    await expectHealed(node);
  });
});

describe("archiver: missing events that only L1's state tells of", () => {
  const happens: Readonly<Record<L1Event["type"], (turn: RollupTurn) => void>> = {
    "block-proposed": turn => turn.propose(),
    "message-sent": turn => turn.send(),
    "block-proven": turn => turn.prove(),
    pruned: turn => turn.prune(),
  };
  for (const [type, happen] of Object.entries(happens)) {
    it(`${type}: noticed at once, though nothing that came later needs it`, async () => {
      const node = await new TestNode(new FakeRollup(new FakeL1())).start();
      node.rollup.mine(turn => turn.propose());
      await node.poll();
      node.reader.faults = { misses: event => event.type === type };
      node.rollup.mine(happen);
      await node.poll();
      await expectNoticed(node);
      expect(node.archiver.synced()).to.equal(false);
      await expectHealed(node);
    });
  }
});

describe("archiver: missing events that only a second look tells of", () => {
  it("a block whose bloom allows for events and that had none is asked for again", async () => {
    let given = 0;
    const node = await losing(() => given++ === 0);
    node.rollup.mine(turn => turn.propose());
    await node.poll();
    await expectNoticed(node);
    expect(node.archiver.tips().pending.number).to.equal(0);
    await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(1);
    await expectHealed(node);
  });
});
