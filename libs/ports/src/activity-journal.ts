import type { SlotStep } from "@sprtn/consensus";
import type { BlockNumber, EthAddress, Slot } from "@sprtn/primitives";

/** What a node saw or did that its chain does not tell. */
export type Activity =
  /** A proposal that may be right has arrived, or was sent by this node. */
  | { readonly type: "proposal"; readonly slot: Slot; readonly block: BlockNumber; readonly txs: number }
  /** An attestation of a committee's member, counted for the first time. */
  | { readonly type: "attestation"; readonly slot: Slot; readonly signer: EthAddress }
  /** A step of this node's own slot has ended, however it ended; clock, ms. */
  | {
      readonly type: "step";
      readonly slot: Slot;
      readonly step: SlotStep;
      readonly startedMs: number;
      readonly endedMs: number;
    }
  /** What became of this node's own slot; with the code and text of what kept it empty. */
  | {
      readonly type: "own-slot";
      readonly slot: Slot;
      readonly outcome: string;
      readonly why?: { readonly code: string; readonly reason: string };
    };

/**
 * Where stations say what happens. Recording costs next to nothing, never throws, and waits for nobody: it tells those
 * who watch, and changes nothing for those who work.
 */
export interface ActivityJournal {
  record(activity: Activity): void;
}

/** An activity with the clock's time, ms. */
export type RecordedActivity = Activity & { readonly atMs: number };

/** What reads a journal: pages, statistics, traces. */
export interface ActivitySource {
  /** Tells of each activity at once, in order, from now on. Returns what ends the subscription. */
  subscribe(listener: (activity: RecordedActivity) => void): () => void;
}
