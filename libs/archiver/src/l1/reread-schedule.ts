import type { BadBlock } from "../store/chain-record.js";

/** How far back L1 is read again: the blocks that are not proven, or also every message ever sent. */
export type Reread = "unproven" | "everything";

/** Rounds after which a bad block is judged again for the first time; each pause is twice the one before. */
const FIRST_PAUSE_ROUNDS = 64;

/**
 * When L1 is to be read again: after what was read contradicted itself more than once, ever more seldom and ever more
 * of it; and while L1 holds a bad block, after a start and now and then, for the verdict may have been an endpoint's
 * fault.
 */
export class RereadSchedule {
  /** Consecutive rounds in which events were missing. */
  #misses = 0;
  #rounds = 0;
  #pause = FIRST_PAUSE_ROUNDS;
  #started = false;

  /** What this round is to read again. */
  due(bad: BadBlock | null): Reread | undefined {
    if (this.#misses >= 2 && Number.isInteger(Math.log2(this.#misses)))
      return this.#misses === 2 ? "unproven" : "everything";
    if (!bad) {
      [this.#rounds, this.#pause, this.#started] = [0, FIRST_PAUSE_ROUNDS, true];
      return undefined;
    }
    if (!this.#started || bad.evidence === null || ++this.#rounds >= this.#pause) return "unproven";
    return undefined;
  }

  /** A round has ended well. */
  followed(): void {
    this.#misses = 0;
    this.#started = true;
    // A bad block was judged again; while that comes to nothing it is tried each round.
    if (this.#rounds >= this.#pause) [this.#rounds, this.#pause] = [0, this.#pause * 2];
  }

  missed(): void {
    this.#misses++;
  }
}
