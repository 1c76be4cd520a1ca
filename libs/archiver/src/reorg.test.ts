import { expect } from "chai";
import { BlockNumber, Bytes32, CodedError, type Field, ZERO_BYTES32 } from "@sprtn/primitives";
import { ArchiverErrorCode } from "./archiver-error.js";
import { freshNode, TestNode } from "./test/node.js";

describe("archiver: L1 reorgs", () => {
  let node: TestNode;
  beforeEach(async () => {
    node = await new TestNode().start();
  });
  afterEach(() => node.stop());

  for (let depth = 1; depth <= 5; depth++) {
    it(`FINAL-3: unwinds exactly what a reorg of ${depth} removed`, async () => {
      for (let i = 0; i < 5; i++) {
        node.rollup.mine(turn => {
          turn.send();
          turn.propose();
        });
      }
      await node.poll();
      const before = [...node.rollup.blocks];
      const lost = node.rollup.tip.effects[0]?.txHash as Field;
      node.rollup.drop(depth);
      for (let i = 0; i < depth; i++) node.rollup.mine();
      node.events.length = 0;
      await node.poll();
      expect(node.events).to.have.length(1);
      expect(node.events[0]).to.deep.include({
        type: "blocks-removed",
        cause: "reorg",
        removed: before.slice(6 - depth),
      });
      expect(node.archiver.tips().pending.number).to.equal(5 - depth);
      expect(node.state.tip().number).to.equal(5 - depth);
      expect(await node.archiver.minedTx(lost)).to.equal(undefined);
      expect(node.meter.observations("sprtn_archiver_reorg_depth_blocks")).to.deep.equal([depth]);
      expect(await node.view()).to.deep.equal(await (await freshNode(node.rollup)).view());
    });
  }

  it("follows the branch that takes the place of the old one", async () => {
    for (let i = 0; i < 3; i++) node.rollup.mine(turn => turn.propose());
    await node.poll();
    node.rollup.drop(2);
    for (let i = 0; i < 4; i++) node.rollup.mine(turn => turn.propose());
    await node.poll();
    expect(node.events.slice(-2).map(event => event.type)).to.deep.equal(["blocks-removed", "blocks-added"]);
    expect(await node.view()).to.deep.equal(await (await freshNode(node.rollup)).view());
  });

  it("brings back what a prune dropped, when L1 takes the prune back", async () => {
    node.rollup.mine(turn => {
      turn.send();
      turn.propose();
      turn.propose();
      turn.propose();
    });
    await node.poll();
    const [, ...original] = node.rollup.blocks;
    node.rollup.mine(turn => {
      turn.prune();
      turn.propose();
    });
    await node.poll();
    const replacement = node.rollup.tip;
    node.rollup.drop(1);
    node.rollup.mine();
    node.events.length = 0;
    await node.poll();
    expect(node.events).to.have.length(2);
    expect(node.events[0]).to.deep.include({ type: "blocks-removed", cause: "reorg", removed: [replacement] });
    expect(node.events[1]).to.deep.equal({ type: "blocks-added", blocks: original });
    expect(await node.view()).to.deep.equal(await (await freshNode(node.rollup)).view());
  });

  it("takes back a proof with its L1 block, and tells so before the block goes (INV-1)", async () => {
    node.rollup.mine(turn => turn.propose());
    node.rollup.mine(turn => {
      turn.propose();
      turn.prove();
    });
    await node.poll();
    node.rollup.drop(1);
    node.rollup.mine();
    node.events.length = 0;
    await node.poll();
    expect(node.events.map(event => event.type)).to.deep.equal(["proven", "blocks-removed"]);
    expect(node.archiver.tips().proven.number).to.equal(0);
    expect(node.archiver.tips().pending.number).to.equal(1);
  });

  it("takes back everything that was ever read, while L1 has finalized none of it", async () => {
    for (let i = 0; i < 3; i++) node.rollup.mine(turn => turn.propose());
    await node.poll();
    node.rollup.drop(3);
    for (let i = 0; i < 3; i++) node.rollup.mine();
    await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(0);
    expect(node.archiver.synced()).to.equal(true);
  });

  it("waits when L1 is only shorter: an endpoint may be behind", async () => {
    for (let i = 0; i < 3; i++) node.rollup.mine(turn => turn.propose());
    await node.poll();
    node.rollup.drop(2);
    await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(3);
    node.rollup.mine();
    await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(1);
  });

  /** Does `change` once, right before L1 answers `method` for the `nth` time. */
  function during(method: "block" | "events", nth: number, change: () => void): void {
    let calls = 0;
    node.l1.beforeAnswer = called => {
      if (called === method && ++calls === nth) change();
    };
  }

  it("stores nothing when L1 changes between hashes and events", async () => {
    node.rollup.mine(turn => turn.propose());
    during("events", 1, () => {
      node.rollup.drop(1);
      node.rollup.mine(turn => turn.propose({ txs: 2 }));
    });
    await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(0);
    await node.poll();
    expect(node.archiver.tips().pending.hash).to.equal(node.rollup.tip.headerHash);
  });

  it("stores nothing when L1 replaces what was read before while it reads on", async () => {
    node.rollup.mine(turn => turn.propose());
    await node.poll();
    node.rollup.mine();
    // The first answer is for the search of a reorg, the second for the new block's hash.
    during("block", 2, () => {
      node.rollup.drop(2);
      node.rollup.mine(turn => turn.propose({ txs: 2 }));
      node.rollup.mine(turn => turn.propose());
    });
    await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(1);
    expect(node.log.messages("warn")).to.deep.equal([]);
    await node.poll();
    expect(await node.view()).to.deep.equal(await (await freshNode(node.rollup)).view());
  });

  it("takes a reader's word that L1 changed for no trouble", async () => {
    node.rollup.mine(turn => turn.propose());
    during("events", 1, () => {
      throw new CodedError("READER_REORGED", "L1 changed while it was read", { changed: true });
    });
    await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(0);
    await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(1);
    expect(node.codes("warn")).to.deep.equal([]);
    expect(node.archiver.trouble()).to.equal(undefined);
  });

  it("stores nothing of events that are of another L1 block than the one at their height", async () => {
    node.rollup.mine(turn => turn.propose());
    const { l1 } = node;
    const events = l1.events.bind(l1);
    l1.events = async (from, to) =>
      (await events(from, to)).map(event => ({ ...event, position: { ...event.position, blockHash: ZERO_BYTES32 } }));
    await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(0);
    l1.events = events;
    await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(1);
  });

  it("brings the state back when the batch of a new branch was lost and L1 then drops that branch", async () => {
    node.rollup.mine(turn => {
      turn.propose();
      turn.propose();
    });
    await node.poll();
    node.rollup.mine(turn => {
      turn.prune();
      turn.propose();
    });
    node.store.onWrite = () => "lost";
    await node.poll();
    node.store.onWrite = () => "done";
    node.rollup.drop(1);
    node.rollup.mine(turn => turn.propose());
    await node.poll();
    expect(node.archiver.synced()).to.equal(true);
    expect(await node.view()).to.deep.equal(await (await freshNode(node.rollup)).view());
  });

  it("keeps the recent L1 blocks only: from the finalized one on", async () => {
    for (let i = 0; i < 10; i++) node.rollup.mine(turn => turn.propose());
    node.l1.finalize(7);
    await node.poll();
    node.rollup.mine();
    node.l1.finalize(9);
    await node.poll();
    const kept = [];
    for await (const [key] of node.store.entries({ gte: Uint8Array.of(8), lt: Uint8Array.of(9) }))
      kept.push(key.at(-1));
    expect(kept).to.deep.equal([9, 10, 11]);
  });

  it("FINAL-3: stops, and says why, when L1 changes what it had finalized", async () => {
    for (let i = 0; i < 3; i++) node.rollup.mine(turn => turn.propose());
    node.l1.finalize();
    await node.poll();
    node.l1.unfinalize();
    node.rollup.drop(2);
    for (let i = 0; i < 3; i++) node.rollup.mine();
    await node.poll();
    await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(3);
    expect(node.archiver.synced()).to.equal(false);
    expect(node.codes("error")).to.deep.equal([ArchiverErrorCode.L1_FINALIZED_CHANGED]);
    expect(await node.archiver.block(BlockNumber(3))).to.not.equal(undefined);
  });

  it("takes an endpoint that comes to serve another chain for no change of what was finalized", async () => {
    for (let i = 0; i < 3; i++) node.rollup.mine(turn => turn.propose());
    node.l1.finalize();
    await node.poll();
    node.rollup.mine();
    const { reader } = node;
    const { head, block } = reader;
    let asked = 0;
    reader.head = async () => {
      if (asked++ > 0)
        throw new CodedError("FAKE_WRONG_CHAIN", "it serves another chain", { endpoints: ["http://l1"] });
      return head.call(reader);
    };
    reader.block = async number => {
      const found = await block.call(reader, number);
      return found && { ...found, hash: Bytes32(`0xdead${found.hash.slice(6)}`) };
    };
    await node.poll();
    expect(node.codes("error")).to.deep.equal([]);
    expect(node.codes("warn")).to.deep.equal(["FAKE_WRONG_CHAIN"]);
    Object.assign(reader, { head, block });
    await node.poll();
    expect(node.archiver.synced()).to.equal(true);
  });

  for (const [what, { finalized, depth }] of Object.entries({
    "nothing of it is finalized": { finalized: false, depth: 4 },
    "its first block is finalized": { finalized: true, depth: 4 },
    "only its newest blocks are of the other chain": { finalized: true, depth: 2 },
  }))
    it(`takes back nothing for an endpoint that serves another chain, when another takes over: ${what}`, async () => {
      node.rollup.mine();
      if (finalized) node.l1.finalize();
      for (let i = 0; i < 3; i++) node.rollup.mine(turn => turn.propose());
      await node.poll();
      node.rollup.mine();
      node.events.length = 0;
      const { reader } = node;
      const { head, block } = reader;
      const newest = (await head.call(reader)).number;
      // Whoever asks for the head finds the endpoint out, and has the answer of the other one.
      let asked = 0;
      reader.head = async () => {
        if (asked++ > 0) reader.block = block;
        return head.call(reader);
      };
      reader.block = async number => {
        const found = await block.call(reader, number);
        if (!found || newest - number > depth) return found;
        return { ...found, hash: Bytes32(`0xdead${found.hash.slice(6)}`) };
      };
      await node.poll();
      expect(asked).to.be.above(1);
      expect(node.events).to.deep.equal([]);
      expect(node.codes("error")).to.deep.equal([]);
      expect(node.codes("warn")).to.deep.equal([]);
      await node.poll();
      expect(node.archiver.synced()).to.equal(true);
    });

  it("waits for an endpoint that is behind what was finalized", async () => {
    for (let i = 0; i < 3; i++) node.rollup.mine(turn => turn.propose());
    node.l1.finalize();
    await node.poll();
    node.l1.unfinalize();
    node.l1.drop(2);
    await node.poll();
    await node.poll();
    expect(node.archiver.tips().pending.number).to.equal(3);
    expect(node.archiver.synced()).to.equal(false);
    expect(node.log.messages("error")).to.deep.equal([]);
    expect(node.log.lines("warn").map(line => line.fields["code"])).to.deep.equal([ArchiverErrorCode.L1_BEHIND]);
    expect(node.log.lines("warn")[0]?.fields["reason"]).to.contain("delete the data directory");
  });
});
