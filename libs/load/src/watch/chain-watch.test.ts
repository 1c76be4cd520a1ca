import type { FeedChange, FeedState } from "@sprtn/feed";
import type { NodeApi } from "@sprtn/ports";
import { Field } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { fed, fedBlock, fedRules, fedState } from "../test/fed-states.js";
import { ChainWatch, quorumAt } from "./chain-watch.js";

type L2Block = Awaited<ReturnType<NodeApi["getBlocks"]>>[number];

const START_MS = fedRules.genesisTime * 1_000;
const committee = ["0xa", "0xb", "0xc", "0xd"];
const slots: FeedChange[] = [0, 1, 2, 3].map(slot => ({ t: "slot", slot }));

class Bench {
  readonly clock = new ManualClock();
  readonly logger = new MemoryLogger();
  readonly heard: string[] = [];
  readonly controller = new AbortController();
  /** Blocks that the node gives, by number. */
  readonly blocks = new Map<number, { readonly hash: string; readonly txs: readonly number[] }>();
  asked = 0;
  readonly watch = new ChainWatch(
    {
      clock: this.clock,
      logger: this.logger,
      node: {
        getBlocks: async number => {
          this.asked += 1;
          const block = this.blocks.get(number);
          if (block === undefined) throw new TypeError("not here");
          const effects = block.txs.map(hash => ({ txHash: Field(BigInt(hash)), reverted: false }));
          return [{ headerHash: Field(BigInt(block.hash)), effects } as unknown as L2Block];
        },
      },
    },
    {
      rules: fedRules,
      firstSlot: 1,
      listener: {
        onBlock: ({ number, pendingAt, proposedAt, attestedAt, txs }) =>
          this.heard.push(`block ${number} at ${pendingAt} ${proposedAt} ${attestedAt} ${txs.length}`),
        onRemoved: hash => this.heard.push(`removed ${Number(hash)}`),
        onTip: (chain, number, at) => this.heard.push(`${chain} ${number} at ${at}`),
      },
    },
  );
  /** Of a node whose clock began with ours. */
  readonly steady = (nodeMs: number) => nodeMs - START_MS;
  state: FeedState = fed(fedState(START_MS), ...slots, { t: "epoch", epoch: { epoch: 0, committee, quorum: 3 } });

  constructor() {
    this.catchUp();
    this.heard.length = 0;
  }

  catchUp(state = this.state): void {
    this.watch.onState(state, this.steady, this.controller.signal);
  }

  tell(change: FeedChange, atMs = 50_000): void {
    this.state = fed(this.state, change);
    this.watch.onChange(change, this.state, { atMs, steady: this.steady, signal: this.controller.signal });
  }

  add(slot: number, rest: Parameters<typeof fedBlock>[1] = {}): void {
    const row = fedBlock(slot, rest);
    this.blocks.set(row.number, { hash: row.hash, txs: [slot] });
    this.tell({ t: "blocks", added: [row], removed: [] });
  }
}

describe("ChainWatch", () => {
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));

  it("tells a block with its transactions, and when its proposal and its quorum were heard of first", async () => {
    for (const afterMs of [300, 200, 400]) bench.tell({ t: "proposal", slot: 2, block: 2, txs: 1, afterMs });
    bench.tell({
      t: "attestation",
      slot: 2,
      from: [
        [0, 500],
        [1, 900],
      ],
    });
    bench.tell({
      t: "attestation",
      slot: 2,
      from: [
        [1, 600],
        [2, 700],
        [9, 1],
      ],
    });
    bench.add(2);
    await bench.watch.settled();
    expect(bench.heard).to.deep.equal(["block 2 at 24900 24200 24700 1"]);
  });

  it("asks for a block once, whoever tells of it, and for none before the first slot", async () => {
    bench.add(2);
    bench.add(2);
    bench.add(0);
    await bench.watch.settled();
    expect([bench.asked, bench.heard.length]).to.deep.equal([1, 1]);
  });

  it("takes the moment at which a node tells of a block that it found later", async () => {
    bench.add(2, { afterMs: null });
    await bench.watch.settled();
    expect(bench.heard[0]).to.match(/^block 2 at 50000 /);
  });

  it("asks again for a block that no node gives yet", async () => {
    bench.tell({ t: "blocks", added: [fedBlock(2)], removed: [] });
    await bench.clock.advance(20_000);
    expect(bench.heard).to.deep.equal([]);
    bench.blocks.set(2, { hash: fedBlock(2).hash, txs: [] });
    await bench.clock.advance(1_000);
    expect(bench.heard).to.have.length(1);
  });

  it("gives up on a block that was removed, or is another one at last, and says so", async () => {
    bench.tell({ t: "blocks", added: [fedBlock(2)], removed: [] });
    bench.tell({ t: "blocks", added: [], removed: [fedBlock(2).hash] });
    bench.blocks.set(3, { hash: "0x77", txs: [] });
    bench.tell({ t: "blocks", added: [fedBlock(3)], removed: [] });
    await bench.clock.advance(600_000);
    await bench.watch.settled();
    expect(bench.heard).to.deep.equal(["removed 2"]);
    expect(bench.logger.lines("warn").map(({ fields }) => fields["block"])).to.include(3);
  });

  it("tells tips when they rise, once", () => {
    const tips = { pending: 3, proven: 2, finalized: 1, l1: null, synced: true };
    bench.tell({ t: "tips", tips }, 10);
    bench.tell({ t: "tips", tips }, 20);
    bench.tell({ t: "tips", tips: { ...tips, proven: 1 } }, 30);
    expect(bench.heard).to.deep.equal(["proven 2 at 10", "finalized 1 at 10"]);
  });

  it("takes tips back with a block below them: what comes at its height is proven anew", async () => {
    bench.add(2);
    bench.tell({ t: "tips", tips: { pending: 3, proven: 3, finalized: 0, l1: null, synced: true } }, 10);
    await bench.watch.settled();
    bench.heard.length = 0;
    bench.tell({ t: "blocks", added: [], removed: [fedBlock(2).hash] });
    bench.tell({ t: "tips", tips: { pending: 3, proven: 2, finalized: 0, l1: null, synced: true } }, 90);
    expect(bench.heard).to.deep.equal(["removed 2", "proven 1 at 0", "proven 2 at 90"]);
  });

  it("sees in a state what it has missed: blocks, and that they were removed", async () => {
    bench.add(2);
    await bench.watch.settled();
    bench.blocks.set(3, { hash: fedBlock(3).hash, txs: [] });
    const { hash } = fedBlock(2);
    bench.catchUp(fed(bench.state, { t: "blocks", added: [fedBlock(3)], removed: [hash], cause: "reorg" }));
    await bench.watch.settled();
    expect(bench.heard.slice(1)).to.deep.equal(["removed 2", "block 3 at 36900 undefined undefined 0"]);
  });

  it("keeps what slots came to", () => {
    bench.tell({ t: "own", slot: 2, outcome: "skipped", code: "SEQUENCER_TOO_LATE", reason: "late" });
    const [first, second] = bench.watch.slots();
    expect([first?.slot, second?.proposer, second?.own?.code]).to.deep.equal([1, "0xc", "SEQUENCER_TOO_LATE"]);
  });

  it("knows no quorum without a committee, or with too few", () => {
    expect(quorumAt({ quorum: 0, attestedAt: new Map([[0, 1]]) })).to.equal(undefined);
    expect(quorumAt({ quorum: 2, attestedAt: new Map([[0, 1]]) })).to.equal(undefined);
    expect(
      quorumAt({
        quorum: 2,
        attestedAt: new Map([
          [0, 9],
          [1, 4],
          [2, 6],
        ]),
      }),
    ).to.equal(6);
  });
});
