import type { EpochRow, FeedState, SlotRow } from "@sprtn/feed";
import { committeeOf, wasAsked } from "./committee.js";
import { standing } from "./lanes.js";
import { slotStartMs } from "./time.js";

/**
 * What a slot was for a validator: `proposed` a block, had the slot and made none (`unused`: it may have had nothing to
 * build), `attested`, `missed`, was not `asked` by anyone, is `waiting` in the slot that goes on, or `out` of the
 * committee.
 */
export type Duty = "proposed" | "unused" | "attested" | "missed" | "unasked" | "waiting" | "out";

/** A validator's duties. */
export interface DutyRow {
  readonly address: string;
  readonly own: boolean;
  /** By slot, as {@link DutyGrid.slots}. */
  readonly duties: readonly Duty[];
  readonly proposed: number;
  readonly attested: number;
  readonly missed: number;
  /** Median time of its attestations, ms into the slot. */
  readonly medianMs: number | null;
}

/** Validators by slots. */
export interface DutyGrid {
  readonly slots: readonly number[];
  /** Own first, then those that missed most. */
  readonly rows: readonly DutyRow[];
}

/** The duties of the last `limit` slots. */
export function dutyGrid(state: FeedState, currentSlot: number, limit = 64): DutyGrid {
  const rows = state.slots.slice(-limit).map(row => ({ row, committee: membersOf(committeeOf(state, row.slot)) }));
  const members = new Set(state.epochs.flatMap(({ committee }) => committee));
  const seenUpTo = lastSeenSlot(state);
  const heard = rows.map(({ row }) => new Map(row.attested));
  const all = [...members].map((address): DutyRow => {
    const times: number[] = [];
    const duties = rows.map(({ row, committee }, i): Duty => {
      const index = committee.get(address);
      if (index === undefined) return "out";
      const at = heard[i]?.get(index);
      if (at !== undefined) times.push(at);
      const isProposer = row.proposer === address;
      return dutyIn(row, { isProposer, attested: at !== undefined, currentSlot, seenUpTo });
    });
    const tally = (duty: Duty) => duties.filter(one => one === duty).length;
    return {
      address,
      own: address === state.node.own,
      duties,
      proposed: tally("proposed"),
      attested: tally("attested"),
      missed: tally("missed"),
      medianMs: times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) / 2)] ?? null,
    };
  });
  const known = all.filter(({ duties }) => duties.some(duty => duty !== "out"));
  return { slots: rows.map(({ row }) => row.slot), rows: known.toSorted(worstFirst) };
}

function worstFirst(a: DutyRow, b: DutyRow): number {
  return Number(b.own) - Number(a.own) || b.missed - a.missed || (a.address < b.address ? -1 : 1);
}

function membersOf(epoch: EpochRow | undefined): ReadonlyMap<string, number> {
  return new Map(epoch?.committee.map((address, index) => [address, index] as const));
}

/** The last slot that L1, as far as this node follows it, has left behind: of later ones it cannot know. */
function lastSeenSlot({ tips, rules }: FeedState): number {
  if (tips.l1 === null) return -1;
  return Math.floor((tips.l1.timestamp * 1000 - slotStartMs(rules, 0)) / (rules.slotDuration * 1000)) - 1;
}

interface Part {
  readonly isProposer: boolean;
  readonly attested: boolean;
  readonly currentSlot: number;
  readonly seenUpTo: number;
}

function dutyIn(row: SlotRow, { isProposer, attested, currentSlot, seenUpTo }: Part): Duty {
  if (isProposer) {
    if (standing(row) !== undefined) return "proposed";
    return row.slot > seenUpTo ? "waiting" : "unused";
  }
  if (attested) return "attested";
  if (row.slot >= currentSlot) return "waiting";
  return wasAsked(row) ? "missed" : "unasked";
}
