import { Bytes32, CodedError, L1BlockNumber, toHex, uintToBytes, UnixSeconds } from "@sprtn/primitives";
import type { L1Block, L1BlockRef, L1ChainState, L1Event, L1Reader } from "@sprtn/ports";

type Unplaced<Event> = Event extends L1Event ? Omit<Event, "position"> : never;
/** An event as a script gives it: {@link FakeL1} says where it stands. */
export type ScriptedL1Event = Unplaced<L1Event>;

interface FakeL1Block {
  readonly ref: L1BlockRef;
  readonly events: readonly L1Event[];
}

/**
 * An L1 that does what a script says: mines blocks with events, replaces them, finalizes them, goes down. Block 0 is
 * there and finalized from the start.
 */
export class FakeL1 implements L1Reader {
  /** While set, every method throws FAKE_L1_DOWN. */
  down = false;
  /** Runs before a method answers: for what changes while L1 is being read. */
  beforeAnswer: (method: keyof FakeL1["calls"]) => void = () => {};
  /** How often each method was called. */
  readonly calls = { head: 0, finalized: 0, block: 0, events: 0, stateAt: 0 };
  /** The contracts' state after an L1 block; a {@link FakeRollup} gives it. */
  contracts: (number: L1BlockNumber) => L1ChainState | undefined = () => undefined;
  /** How often a reader wanted another endpoint. */
  turns = 0;
  readonly #blocks: FakeL1Block[] = [];
  readonly #blockSeconds: number;
  readonly #genesisTime: number;
  #finalized = 0;
  /** Makes each block's hash its own, also where a block of that number was before. */
  #mined = 0;

  constructor(settings: { readonly genesisTime?: number; readonly blockSeconds?: number } = {}) {
    this.#genesisTime = settings.genesisTime ?? 1_700_000_000;
    this.#blockSeconds = settings.blockSeconds ?? 12;
    this.mine();
  }

  /** One block with these events. */
  mine(...events: readonly ScriptedL1Event[]): L1BlockRef {
    const number = L1BlockNumber(this.#blocks.length);
    const hash = Bytes32(toHex(uintToBytes((BigInt(++this.#mined) << 64n) | BigInt(number), 32)));
    const ref: L1BlockRef = { number, hash, timestamp: UnixSeconds(this.#genesisTime + number * this.#blockSeconds) };
    const placed = events.map((event, logIndex): L1Event => ({
      ...event,
      position: { blockNumber: number, blockHash: hash, transactionHash: hash, logIndex },
    }));
    this.#blocks.push({ ref, events: placed });
    return ref;
  }

  /** Drops the last `depth` blocks; mine others in their place. What is finalized cannot be dropped. */
  drop(depth: number): void {
    if (this.#blocks.length - depth <= this.#finalized)
      throw new CodedError("FAKE_L1_FINALIZED", `cannot drop ${depth} blocks: block ${this.#finalized} is finalized`);
    this.#blocks.length -= depth;
  }

  /** Calls a block finalized, by default the last. */
  finalize(number: number = this.#blocks.length - 1): void {
    this.#finalized = number;
  }

  /** What no honest L1 does: reverts finality. */
  unfinalize(): void {
    this.#finalized = 0;
  }

  get headNumber(): L1BlockNumber {
    return L1BlockNumber(this.#blocks.length - 1);
  }

  get finalizedNumber(): L1BlockNumber {
    return L1BlockNumber(this.#finalized);
  }

  async head(): Promise<L1BlockRef> {
    this.#answer("head");
    return this.#at(this.#blocks.length - 1).ref;
  }

  async finalized(): Promise<L1BlockRef> {
    this.#answer("finalized");
    return this.#at(this.#finalized).ref;
  }

  async block(number: L1BlockNumber): Promise<L1Block | undefined> {
    this.#answer("block");
    const block = this.#blocks[number];
    return block && { ...block.ref, eventless: block.events.length === 0 };
  }

  async stateAt({ number, hash }: L1BlockRef): Promise<L1ChainState | undefined> {
    this.#answer("stateAt");
    return this.#blocks[number]?.ref.hash === hash ? this.contracts(number) : undefined;
  }

  turnAway(): void {
    this.turns++;
  }

  async events(from: L1BlockNumber, to: L1BlockNumber): Promise<readonly L1Event[]> {
    this.#answer("events");
    return this.#blocks.slice(from, to + 1).flatMap(block => block.events);
  }

  #answer(method: keyof FakeL1["calls"]): void {
    if (this.down) throw new CodedError("FAKE_L1_DOWN", "this L1 is down");
    this.calls[method]++;
    this.beforeAnswer(method);
  }

  #at(number: number): FakeL1Block {
    return this.#blocks[number] as FakeL1Block;
  }
}
