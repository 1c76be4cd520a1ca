import type { BlockNumber } from "@sprtn/primitives";
import type { ChainEvent } from "@sprtn/ports";
import type { L2Block } from "@sprtn/protocol";
import type { ChainDraft } from "./store/chain-draft.js";
import { blockId } from "./store/chain-record.js";
import type { ChainReader } from "./store/chain-reader.js";
import type { ChainSnapshot } from "./store/chain-snapshot.js";

/** What a draft does to the pending chain, in sum. */
export interface ChainChanges {
  /** The last block that stays. */
  readonly base: L2Block;
  /** Stored blocks that go, oldest first. */
  readonly removed: readonly L2Block[];
  /** Blocks that come on top of `base`. */
  readonly added: readonly L2Block[];
}

export function changesOf(before: ChainSnapshot, stored: ChainReader, draft: ChainDraft): ChainChanges {
  const oldTip = before.chain.pending.number;
  const newTip = draft.chain.pending.number;
  let first = draft.lowestTouched() ?? oldTip + 1;
  while (
    first <= oldTip &&
    first <= newTip &&
    stored.knownBlock(first as BlockNumber).headerHash === draft.block(first as BlockNumber).headerHash
  )
    first++;
  const range = (to: number, read: (number: BlockNumber) => L2Block): L2Block[] =>
    Array.from({ length: Math.max(0, to - first + 1) }, (_, i) => read((first + i) as BlockNumber));
  return {
    base: draft.block((first - 1) as BlockNumber),
    removed: range(oldTip, number => stored.knownBlock(number)),
    added: range(newTip, number => draft.block(number)),
  };
}

/** In an order in which what a listener was told never breaks INV-1: a proven tip goes down before its block does. */
export function chainEvents(
  { before, after }: { readonly before: ChainSnapshot; readonly after: ChainSnapshot },
  { base, removed, added }: ChainChanges,
  cause: "prune" | "reorg",
): ChainEvent[] {
  const events: ChainEvent[] = [];
  const proven: ChainEvent = { type: "proven", tip: after.chain.proven };
  const provenStep = after.chain.proven.number - before.chain.proven.number;
  if (provenStep < 0) events.push(proven);
  if (removed.length > 0) events.push({ type: "blocks-removed", tip: blockId(base), removed, cause });
  if (added.length > 0) events.push({ type: "blocks-added", blocks: added });
  if (provenStep > 0) events.push(proven);
  if (after.cursor.finalized.number > before.cursor.finalized.number)
    events.push({ type: "finalized", tip: after.cursor.finalized });
  return events;
}
