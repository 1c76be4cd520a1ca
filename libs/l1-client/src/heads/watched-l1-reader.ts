import type { L1Block, L1BlockRef, L1ChainState, L1Event, L1Reader } from "@sprtn/ports";
import type { L1BlockNumber } from "@sprtn/primitives";
import type { L1Heads } from "./l1-heads.js";

/** The reader, and what is informed of the heads that it sees. */
export interface WatchedL1ReaderDependencies {
  readonly reader: L1Reader;
  readonly heads: L1Heads;
}

/** A reader that reports its heads: reading L1 keeps {@link L1Heads} up to date. */
export class WatchedL1Reader implements L1Reader {
  readonly #reader: L1Reader;
  readonly #heads: L1Heads;

  constructor({ reader, heads }: WatchedL1ReaderDependencies) {
    this.#reader = reader;
    this.#heads = heads;
  }

  /**
   * Resolves when a reorg has been reported, so that nothing acts on the new head with values derived from the old one.
   */
  async head(): Promise<L1BlockRef> {
    const head = await this.#reader.head();
    await this.#heads.observe(head, number => this.#reader.block(number));
    return head;
  }

  finalized(): Promise<L1BlockRef> {
    return this.#reader.finalized();
  }

  block(number: L1BlockNumber): Promise<L1Block | undefined> {
    return this.#reader.block(number);
  }

  events(from: L1BlockNumber, to: L1BlockNumber): Promise<readonly L1Event[]> {
    return this.#reader.events(from, to);
  }

  stateAt(block: L1BlockRef): Promise<L1ChainState | undefined> {
    return this.#reader.stateAt(block);
  }

  turnAway(): void {
    this.#reader.turnAway();
  }
}
