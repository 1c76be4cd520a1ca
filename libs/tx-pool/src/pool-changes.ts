import { codeOf, messageOf } from "@sprtn/primitives";
import type { Logger } from "@sprtn/ports";
import { SerialQueue } from "@sprtn/runtime";
import type { TxJournal } from "./tx-journal.js";

/** How the pool is read from disk, and where failed changes are reported. */
export interface PoolChangesDependencies {
  readonly logger: Logger;
  readonly journal: TxJournal;
  readonly load: () => Promise<void>;
}

const MAX_WAITING_EVENTS = 10_000;

/**
 * Changes of the whole pool, one at a time. A failure is the pool's own: it neither stops the chain's other listeners
 * nor the next change. After a change that failed halfway, everything is read again.
 */
export class PoolChanges {
  readonly #dependencies: PoolChangesDependencies;
  #queue = newQueue();
  /** A change failed halfway. */
  #halfway = false;

  constructor(dependencies: PoolChangesDependencies) {
    this.#dependencies = dependencies;
  }

  /** Reads the pool; later changes wait for that. */
  open(): Promise<void> {
    this.#queue = newQueue();
    return this.#queue.run(() => this.#dependencies.load());
  }

  /** Resolves when the change under way is done. */
  close(): Promise<void> {
    return this.#queue.close();
  }

  /** Never rejects. `what` is for the log. */
  async inTurn(what: string, change: () => Promise<void>): Promise<void> {
    await this.#queue.run(change).catch((error: unknown) => {
      this.#halfway = true;
      this.report(what, error);
    });
  }

  /** In a change: reads everything again if an earlier one failed, and the disk has what the memory has. */
  async mend(): Promise<"whole" | "mended"> {
    if (!this.#halfway) return "whole";
    const { journal, load } = this.#dependencies;
    await journal.settled();
    if (journal.behind) return "mended";
    await load();
    this.#halfway = false;
    return "mended";
  }

  report(what: string, error: unknown): void {
    this.#dependencies.logger.error("the transaction pool could not process a change", {
      what,
      code: codeOf(error),
      error: messageOf(error),
    });
  }
}

function newQueue(): SerialQueue {
  return new SerialQueue({ name: "the pool's changes", maxWaiting: MAX_WAITING_EVENTS });
}
