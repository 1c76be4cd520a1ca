import { L1BlockNumber } from "@sprtn/primitives";
import type { L1Block, L1BlockRef, L1Event, L1Reader } from "@sprtn/ports";
import { eventsMissing } from "../archiver-error.js";
import type { ChainSnapshot } from "../store/chain-snapshot.js";
import { isL1Changed } from "./reachable-l1.js";
import { readBlocks } from "./read-blocks.js";

/** L1 blocks that are not finalized are looked up one by one, so a range of them is short. */
const MAX_OPEN_BLOCKS = 64;

export interface L1Range {
  readonly from: L1BlockNumber;
  readonly to: L1BlockNumber;
  /** Whether L1 has finalized all of it. */
  readonly final: boolean;
}

/** The L1 blocks to read next; `undefined` when all are read. A range does not mix finalized blocks with others. */
export function nextRange(
  from: L1BlockNumber,
  {
    head,
    finalized,
    maxBlocks,
  }: {
    readonly head: Pick<L1BlockRef, "number">;
    readonly finalized: Pick<L1BlockRef, "number">;
    readonly maxBlocks: number;
  },
): L1Range | undefined {
  if (from > head.number) return undefined;
  const final = from <= finalized.number;
  const length = final ? maxBlocks : Math.min(maxBlocks, MAX_OPEN_BLOCKS);
  return {
    from,
    to: L1BlockNumber(Math.min(from + length - 1, final ? finalized.number : head.number, head.number)),
    final,
  };
}

export interface RangeContent {
  /** Every block of an open range, only the last of a final one. At least one. */
  readonly blocks: readonly L1Block[];
  /** Each once, in L1's order. */
  readonly events: readonly L1Event[];
}

/**
 * Events and hashes of a range, or of its beginning when the endpoint fails on the way; all of one L1 chain, the one
 * read so far. `undefined` when L1 changed meanwhile: the next round sees how.
 *
 * @throws ArchiverError L1_BLOCK_MISSING, L1_EVENTS_MISSING, L1_UNREACHABLE
 */
export async function readRange(
  l1: L1Reader,
  { from, to, final }: L1Range,
  { l1Blocks }: Pick<ChainSnapshot, "l1Blocks">,
): Promise<RangeContent | undefined> {
  const numbers = final ? [to] : Array.from({ length: to - from + 1 }, (_, i) => L1BlockNumber(from + i));
  // At once: each answer may take long, and that all are of one chain is seen at the end.
  const readingBlocks = readBlocks(l1, numbers);
  const readingEvents = unlessChanged(l1.events(from, to));
  // It fails for the blocks' reason, if they fail.
  readingEvents.catch(() => {});
  const blocks = await readingBlocks;
  const end = blocks.at(-1);
  if (!end) return undefined;
  const given = await (end.number === to ? readingEvents : unlessChanged(l1.events(from, end.number)));
  if (!given) return undefined;
  const events = inOrder(given, { from, to: end.number });
  const hashes = new Map(blocks.map(({ number, hash }) => [number, hash]));
  const known = (event: L1Event): boolean => hashes.get(event.position.blockNumber) === event.position.blockHash;
  if (!final && !events.every(known)) return undefined;
  const last = l1Blocks.at(-1);
  const unchanged = await Promise.all(
    [...(last ? [last] : []), end].map(async ({ number, hash }) => (await l1.block(number))?.hash === hash),
  );
  return unchanged.every(Boolean) ? { blocks, events } : undefined;
}

async function unlessChanged<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isL1Changed(error)) return undefined;
    throw error;
  }
}

/** Endpoints behind one name may give an event twice, or out of order. @throws ArchiverError L1_EVENTS_MISSING */
function inOrder(events: readonly L1Event[], { from, to }: Pick<L1Range, "from" | "to">): readonly L1Event[] {
  const stray = events.find(({ position }) => position.blockNumber < from || position.blockNumber > to);
  if (stray)
    throw eventsMissing(`it was asked for L1 blocks ${from} to ${to}, but returned an event of another block`, {
      l1Block: stray.position.blockNumber,
    });
  const sorted = [...events].sort(
    ({ position: a }, { position: b }) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex,
  );
  return sorted.filter(({ position }, i) => {
    const before = sorted[i - 1]?.position;
    return before?.blockNumber !== position.blockNumber || before.logIndex !== position.logIndex;
  });
}
