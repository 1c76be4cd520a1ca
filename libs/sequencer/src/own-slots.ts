import type { Slot } from "@sprtn/primitives";
import type { ActivityJournal, Counter, L1Time, Logger, Meter } from "@sprtn/ports";
import { LruMap } from "@sprtn/runtime";
import { SequencerErrorCode } from "./sequencer-error.js";
import { ownSlots } from "./sequencer-metrics.js";

/**
 * What became of a slot of this node's key. `missed`: it passed before this node could use it; `l1-away`: no L1
 * endpoint took the block.
 */
export type SlotOutcome = "published" | "nothing-to-build" | "not-synced" | "l1-away" | "failed" | "missed";

/** Why a slot has no block: a text for people and a code to search for. */
export interface EmptyReason {
  readonly code: string;
  readonly reason: string;
}

/** What reports a slot's outcome. */
export interface OwnSlotsDependencies {
  readonly journal: ActivityJournal;
  readonly logger: Logger;
  readonly meter: Meter;
  readonly l1Time: L1Time;
}

/** Slots whose troubles are remembered until they end. */
const REMEMBERED = 64;

const NOT_LOOKED: EmptyReason = {
  code: SequencerErrorCode.NOT_LOOKED,
  reason: "the slot passed unnoticed: this node was suspended, overloaded or kept waiting by L1",
};

/** The outcome of each own slot, counted, and one line of the log for each that stays empty. */
export class OwnSlots {
  readonly #dependencies: OwnSlotsDependencies;
  readonly #outcomes: Counter<"outcome">;
  /** What is in the way, by slot; told if the slot ends with it. */
  readonly #obstacles = new LruMap<Slot, EmptyReason>(REMEMBERED);
  /** Slots in a row in which L1 was away when it came to it. */
  #l1Away = 0;

  constructor(dependencies: OwnSlotsDependencies) {
    this.#dependencies = dependencies;
    this.#outcomes = ownSlots(dependencies.meter);
  }

  /** What keeps `slot` from its block for now; the last one noted counts. */
  note(slot: Slot, obstacle: EmptyReason): void {
    this.#obstacles.set(slot, obstacle);
  }

  published(slot: Slot): void {
    this.#outcomes.add(1, { outcome: "published" });
    this.#dependencies.journal.record({ type: "own-slot", slot, outcome: "published" });
    this.#l1Away = 0;
  }

  /** `slot` stays empty, because of `why` or of what was noted last. */
  empty(slot: Slot, outcome: Exclude<SlotOutcome, "published">, why = this.#obstacles.peek(slot) ?? NOT_LOOKED): void {
    this.#outcomes.add(1, { outcome });
    const { journal, logger, l1Time } = this.#dependencies;
    journal.record({ type: "own-slot", slot, outcome, why });
    const skewSeconds = l1Time.skewSeconds();
    const fields = { slot, outcome, ...why, ...(skewSeconds === undefined ? {} : { clockSkewSeconds: skewSeconds }) };
    if (outcome === "l1-away") this.#l1Away++;
    // An unreachable L1 is reported by whatever follows it; an L1 that shows its blocks but accepts none is not.
    if (outcome === "failed" || (outcome === "l1-away" && this.#l1Away === 2))
      logger.warn("own slot stays empty", fields);
    // On a quiet network that is every slot, so nobody needs to read it.
    else if (why.code === SequencerErrorCode.NOTHING_TO_BUILD) logger.verbose("own slot stays empty", fields);
    else logger.info("own slot stays empty", fields);
  }
}
