import type { FeedChange, FeedState } from "@sprtn/feed";

interface Waiting {
  readonly signer: string;
  readonly afterMs: number;
}

/**
 * Attestations that were not told yet, by slot: those that come close together are told together, and those of an epoch
 * whose committee is not known yet wait for it. The attestation pool bounds what comes (LIMIT-11).
 */
export class WaitingAttestations {
  readonly #slots = new Map<number, Waiting[]>();

  add(slot: number, signer: string, afterMs: number): void {
    const waiting = this.#slots.get(slot) ?? [];
    waiting.push({ signer, afterMs });
    this.#slots.set(slot, waiting);
  }

  /** What can be told by now. What belongs to a slot that is shown no longer is forgotten. */
  take({ slots, epochs, rules }: FeedState): readonly FeedChange[] {
    const oldest = slots[0]?.slot ?? 0;
    const newest = slots.at(-1)?.slot ?? -1;
    const changes: FeedChange[] = [];
    for (const [slot, waiting] of this.#slots) {
      const row = epochs.find(({ epoch }) => epoch === Math.floor(slot / rules.epochDuration));
      // By a clock that is ahead, the slot has begun already.
      if (slot > newest || (row === undefined && slot >= oldest)) continue;
      this.#slots.delete(slot);
      const from = waiting.flatMap(({ signer, afterMs }) => {
        const member = row?.committee.indexOf(signer) ?? -1;
        return member < 0 ? [] : [[member, afterMs] as const];
      });
      if (slot >= oldest && from.length > 0) changes.push({ t: "attestation", slot, from });
    }
    return changes;
  }
}
