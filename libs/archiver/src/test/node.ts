import type { ChainEvent } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { FakeKvStore, FakeL1, FakeRollup, FakeStateStore, MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { FaultyReader } from "./faulty-reader.js";
import { Archiver } from "../archiver.js";
import { genesisBlock } from "../chain-rules.js";

/** What a node starts on; a new disk and 200 L1 blocks a range unless told. */
export interface TestNodeOptions {
  readonly store?: FakeKvStore;
  readonly state?: FakeStateStore;
  readonly l1RangeBlocks?: number;
}

/** An archiver over fakes; `restart` is a crash and a new process over what was on disk. */
export class TestNode {
  readonly clock = new ManualClock();
  readonly log = new MemoryLogger();
  readonly meter = new RecordingMeter();
  readonly events: ChainEvent[] = [];
  /** What the archiver reads L1 through. */
  readonly reader: FaultyReader;
  archiver!: Archiver;
  #life = new AbortController();

  readonly store: FakeKvStore;
  readonly l1RangeBlocks: number;
  state: FakeStateStore;

  constructor(
    readonly rollup: FakeRollup = new FakeRollup(new FakeL1()),
    { store = new FakeKvStore(), state, l1RangeBlocks = 200 }: TestNodeOptions = {},
  ) {
    this.store = store;
    this.l1RangeBlocks = l1RangeBlocks;
    this.state = state ?? FakeStateStore.atGenesis(genesisBlock(rollup.deployment));
    this.reader = new FaultyReader(rollup.l1);
    this.#build();
  }

  get l1(): FakeL1 {
    return this.rollup.l1;
  }

  async start(): Promise<this> {
    await this.archiver.start(this.#life.signal);
    await this.archiver.poll();
    return this;
  }

  /** One round. */
  async poll(): Promise<void> {
    await this.archiver.poll();
  }

  async stop(): Promise<void> {
    await this.archiver.stop();
  }

  /** The process dies, whatever it was doing. */
  async crash(): Promise<void> {
    this.#life.abort();
    await this.archiver.stop();
    this.#life = new AbortController();
    this.state = this.state.crash();
    this.#build();
  }

  /** Codes of what was logged at a level. */
  codes(level: "warn" | "error"): readonly unknown[] {
    return this.log.lines(level).map(line => line.fields["code"]);
  }

  /** Everything that the port tells, for comparing two nodes. */
  async view(): Promise<unknown> {
    const { archiver } = this;
    const tips = archiver.tips();
    const blocks = [];
    for (let number = 0; number <= tips.pending.number + 1; number++) {
      const block = await archiver.block(number as typeof tips.pending.number);
      const mined = await Promise.all((block?.effects ?? []).map(effect => archiver.minedTx(effect.txHash)));
      blocks.push({
        block,
        position: await archiver.l1Position(number as typeof tips.pending.number),
        mined: mined.map(tx => tx && [tx.block, tx.index]),
      });
    }
    const subtrees = [];
    for (let number = 1; number <= tips.pending.number + 8; number++) {
      const messages = await archiver.messages(number as typeof tips.pending.number);
      subtrees.push({ messages, indexes: await Promise.all(messages.map(hash => archiver.messageIndex(hash))) });
    }
    return { tips, blocks, subtrees, next: await archiver.nextMessageBlock(), state: this.state.tip() };
  }

  #build(): void {
    const { store, state, clock, reader: l1, log: logger, meter, rollup } = this;
    this.archiver = new Archiver(
      { l1, store, state, clock, logger, meter, deployment: rollup.deployment },
      { pollingIntervalMs: 1000, l1RangeBlocks: this.l1RangeBlocks },
    );
    this.archiver.subscribe(event => {
      this.events.push(event);
    });
  }
}

/** A node that reads the same L1 from nothing. */
export async function freshNode(rollup: FakeRollup): Promise<TestNode> {
  const node = await new TestNode(rollup).start();
  await node.stop();
  return node;
}
