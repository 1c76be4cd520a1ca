import type { FeedState, SlotRow } from "@sprtn/feed";

/** Slots ahead whose proposers are asked for. */
const MOST_SLOTS = 32;

/** What a validator did of what it had to do, in the slots that its node remembers. */
export interface Duties {
  readonly slots: number;
  readonly attested: number;
  readonly toAttest: number;
  readonly proposed: number;
  readonly toPropose: number;
}

/** When a validator is needed next. */
export interface NextDuties {
  /** Whether it is in the committee of the current epoch. */
  readonly member: boolean;
  readonly attest?: { readonly slot: number; readonly inMs: number } | undefined;
  /** Of the slots that could be looked at. */
  readonly propose?: { readonly slot: number; readonly inMs: number } | undefined;
}

/** The clock's slot and what of it is over, by the rules of the node's network. */
export function currentSlot({ rules }: FeedState, atMs: number): { readonly slot: number; readonly intoMs: number } {
  const sinceMs = Math.max(0, atMs - rules.genesisTime * 1000);
  const slotMs = rules.slotDuration * 1000;
  return { slot: Math.floor(sinceMs / slotMs), intoMs: sinceMs % slotMs };
}

/** Counted against what was to be done: a slot without a proposal asks nobody to attest. */
export function dutiesOf({ slots, epochs, rules }: FeedState, own: string): Duties {
  // The last one is not over.
  const past = slots.slice(0, -1);
  const memberOf = (slot: number) =>
    epochs.find(({ epoch }) => epoch === Math.floor(slot / rules.epochDuration))?.committee.indexOf(own) ?? -1;
  const asked = past.filter(row => row.proposal !== undefined && memberOf(row.slot) >= 0);
  const attested = asked.filter(row => row.attested.some(([member]) => member === memberOf(row.slot)));
  const assigned = past.filter(row => row.proposer === own && hadToPropose(row));
  return {
    slots: past.length,
    attested: attested.length,
    toAttest: asked.length,
    proposed: assigned.filter(({ blocks }) => blocks.length > 0).length,
    toPropose: assigned.length,
  };
}

/** A slot that was left empty because nothing waited is none of its failures. */
function hadToPropose({ own, blocks, steps }: SlotRow): boolean {
  return blocks.length > 0 || steps.length > 0 || (own !== undefined && own.outcome !== "nothing-to-build");
}

/** Slots of the current and the next epoch that have not begun. */
export function slotsToAsk({ feed, atMs }: { readonly feed: FeedState; readonly atMs: number }): readonly number[] {
  const { slot } = currentSlot(feed, atMs);
  const { epochDuration } = feed.rules;
  const end = (Math.floor(slot / epochDuration) + 2) * epochDuration;
  return Array.from({ length: Math.min(MOST_SLOTS, end - slot - 1) }, (_, i) => slot + 1 + i);
}

/** From the proposers of `slots`, as the node answered. */
export function nextDuties(
  { feed, own, atMs }: { readonly feed: FeedState; readonly own: string; readonly atMs: number },
  slots: readonly number[],
  proposers: readonly unknown[],
): NextDuties {
  const { slot, intoMs } = currentSlot(feed, atMs);
  const { epochDuration, slotDuration } = feed.rules;
  const inMs = (later: number) => (later - slot) * slotDuration * 1000 - intoMs;
  const epoch = Math.floor(slot / epochDuration);
  const committee = feed.epochs.find(each => each.epoch === epoch)?.committee ?? [];
  const member = committee.includes(own);
  const [following] = slots;
  const inSameEpoch = following !== undefined && Math.floor(following / epochDuration) === epoch;
  const own0 = slots[proposers.findIndex(each => typeof each === "string" && each.toLowerCase() === own)];
  return {
    member,
    ...(member && inSameEpoch ? { attest: { slot: following, inMs: inMs(following) } } : {}),
    ...(own0 === undefined ? {} : { propose: { slot: own0, inMs: inMs(own0) } }),
  };
}
