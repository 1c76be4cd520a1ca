import { CodedError, L1BlockNumber } from "@sprtn/primitives";
import type { L1Block, L1BlockRef, L1ChainState, L1Event, L1Reader } from "@sprtn/ports";
import type { FakeL1 } from "@sprtn/testing";

/** What an L1 endpoint may do wrong; any of it at the same time. */
export interface ReaderFaults {
  /** Blocks that it has not imported. */
  readonly lag?: number;
  /** Leaves out events for which this says so; `nth` counts all that were asked for. */
  readonly misses?: (event: L1Event, nth: number) => boolean;
  /** Gives every event twice, the newest first. */
  readonly repeats?: boolean;
  /** Does not keep the contracts' state. */
  readonly stateless?: boolean;
  /** Its headers' blooms say nothing. */
  readonly bloomless?: boolean;
  /** Lacks a block below its head. */
  readonly hole?: number;
  /** Fails every nth call. */
  readonly failsEvery?: number;
  /** Changes events before it gives them. */
  readonly alters?: (event: L1Event) => L1Event;
}

/** An L1 behind an endpoint with faults; every method works as the endpoint would. */
export class FaultyReader implements L1Reader {
  faults: ReaderFaults = {};
  /** Runs when another endpoint is wanted. */
  onTurnAway: () => void = () => {};
  #calls = 0;
  #asked = 0;

  constructor(private readonly l1: FakeL1) {}

  async head(): Promise<L1BlockRef> {
    this.#count();
    const head = await this.l1.head();
    return this.faults.lag === undefined ? head : ((await this.l1.block(this.#last(head))) as L1BlockRef);
  }

  async finalized(): Promise<L1BlockRef> {
    this.#count();
    const finalized = await this.l1.finalized();
    const last = this.#last({ ...finalized, number: this.l1.headNumber });
    return last < finalized.number ? ((await this.l1.block(last)) as L1BlockRef) : finalized;
  }

  async block(number: L1BlockNumber): Promise<L1Block | undefined> {
    this.#count();
    if (number === this.faults.hole || number > this.#last({ number: this.l1.headNumber })) return undefined;
    const block = await this.l1.block(number);
    return block && { ...block, eventless: block.eventless && !this.faults.bloomless };
  }

  async events(from: L1BlockNumber, to: L1BlockNumber): Promise<readonly L1Event[]> {
    this.#count();
    const { misses = () => false, repeats = false, alters = (event: L1Event) => event } = this.faults;
    const kept = (await this.l1.events(from, to)).filter(event => !misses(event, this.#asked++)).map(alters);
    return repeats ? [...kept, ...kept].reverse() : kept;
  }

  async stateAt(block: L1BlockRef): Promise<L1ChainState | undefined> {
    this.#count();
    return this.faults.stateless || block.number > this.#last({ number: this.l1.headNumber })
      ? undefined
      : this.l1.stateAt(block);
  }

  turnAway(): void {
    this.l1.turnAway();
    this.onTurnAway();
  }

  #last({ number }: Pick<L1BlockRef, "number">): L1BlockNumber {
    return L1BlockNumber(Math.max(0, number - (this.faults.lag ?? 0)));
  }

  #count(): void {
    const { failsEvery } = this.faults;
    if (failsEvery !== undefined && ++this.#calls % failsEvery === 0)
      throw new CodedError("FAULTY_READER", "this call fails");
  }
}
