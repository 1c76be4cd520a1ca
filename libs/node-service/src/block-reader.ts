import { setImmediate as nextTurn } from "node:timers/promises";
import { BlockNumber } from "@sprtn/primitives";
import type { BlockSource } from "@sprtn/ports";
import type { L2Block } from "@sprtn/protocol";
import { LRUCache } from "lru-cache";

export interface BlockReaderDependencies {
  readonly blocks: Pick<BlockSource, "block" | "tips">;
  /** Lets everything else that waits for the thread go first; the next turn of the event loop by default. */
  readonly pause?: (() => Promise<void>) | undefined;
}

/** Transactions of the blocks that are kept, and one for each block: about 10 MiB. */
const KEPT_TRANSACTIONS = 8_192;

/**
 * Reads ranges of blocks for strangers. Finalized blocks never change: those read lately are kept. The others are read
 * and decoded from the store, which takes the thread, so there is a pause after each.
 */
export class BlockReader {
  readonly #blocks: Pick<BlockSource, "block" | "tips">;
  readonly #pause: () => Promise<void>;
  readonly #kept = new LRUCache<number, L2Block>({
    maxSize: KEPT_TRANSACTIONS,
    sizeCalculation: ({ effects }) => effects.length + 1,
  });

  constructor({ blocks, pause = () => nextTurn() }: BlockReaderDependencies) {
    this.#blocks = blocks;
    this.#pause = pause;
  }

  /**
   * Consecutive blocks from a number on, as far as there are any; each is read when it is requested. Where the
   * chain becomes another meanwhile they end.
   */
  async *from(first: BlockNumber): AsyncGenerator<L2Block> {
    let before: L2Block | undefined;
    for (let number = first as number; ; number++) {
      const kept = this.#kept.get(number);
      const block = kept ?? (await this.#blocks.block(BlockNumber(number)));
      if (block === undefined || (before !== undefined && block.header.lastArchive !== before.archive)) return;
      if (number <= this.#blocks.tips().finalized.number) this.#kept.set(number, block);
      before = block;
      yield block;
      if (kept === undefined) await this.#pause();
    }
  }
}
