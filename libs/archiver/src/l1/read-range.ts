import { L1BlockNumber } from "@sprtn/primitives";
import type { L1BlockRef, L1Event, L1Reader } from "@sprtn/ports";
import type { ChainSnapshot, L1BlockName } from "../store/chain-snapshot.js";

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
  }: { readonly head: L1BlockRef; readonly finalized: L1BlockRef; readonly maxBlocks: number },
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
  /** Every block of an open range, only the last of a final one. */
  readonly blocks: readonly L1BlockName[];
  readonly events: readonly L1Event[];
}

/**
 * Events and hashes of a range, all of one L1 chain, the one read so far; `undefined` when L1 changed meanwhile: the
 * next round sees how.
 */
export async function readRange(
  l1: L1Reader,
  { from, to, final }: L1Range,
  { l1Blocks }: Pick<ChainSnapshot, "l1Blocks">,
): Promise<RangeContent | undefined> {
  const numbers = final ? [to] : Array.from({ length: to - from + 1 }, (_, i) => L1BlockNumber(from + i));
  const refs = await Promise.all(numbers.map(number => l1.block(number)));
  const blocks = refs.flatMap(ref => (ref ? [{ number: ref.number, hash: ref.hash }] : []));
  if (blocks.length < numbers.length) return undefined;
  const events = await l1.events(from, to);
  const hashes = new Map(blocks.map(({ number, hash }) => [number, hash]));
  const known = (event: L1Event): boolean => hashes.get(event.position.blockNumber) === event.position.blockHash;
  if (!final && !events.every(known)) return undefined;
  const last = l1Blocks.at(-1);
  const unchanged = await Promise.all(
    [...(last ? [last] : []), ...blocks.slice(-1)].map(
      async ({ number, hash }) => (await l1.block(number))?.hash === hash,
    ),
  );
  return unchanged.every(Boolean) ? { blocks, events } : undefined;
}
