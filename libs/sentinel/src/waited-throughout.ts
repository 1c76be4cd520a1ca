import type { BuildSituation } from "@sprtn/consensus";

/** What waits for a block, at one look. */
export type Waiting = Omit<BuildSituation, "secondsSinceLastBlock">;

/** DUTY-2: what has waited since a slot began, which is that of the look with the least. */
export class WaitedThroughout {
  #least: Waiting | undefined;

  look({ pendingTxs, messageWaits }: Waiting): void {
    const before = this.#least ?? { pendingTxs, messageWaits };
    this.#least = {
      pendingTxs: Math.min(before.pendingTxs, pendingTxs),
      messageWaits: before.messageWaits && messageWaits,
    };
  }

  /** Of the slot that has ended; what follows begins anew. */
  take(): Waiting {
    const least = this.#least ?? { pendingTxs: 0, messageWaits: false };
    this.#least = undefined;
    return least;
  }
}
