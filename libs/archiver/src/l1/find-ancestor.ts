import type { L1BlockNumber } from "@sprtn/primitives";
import type { L1BlockRef, L1Reader } from "@sprtn/ports";
import { ArchiverError, ArchiverErrorCode } from "../archiver-error.js";
import { requireShorter } from "./read-blocks.js";
import type { ChainSnapshot, L1BlockName } from "../store/chain-snapshot.js";

export type Ancestor =
  /** What was read is on L1's chain. */
  | { readonly kind: "same" }
  /** The endpoint has not got as far as it was before, and holds no other block either: nothing follows from that. */
  | { readonly kind: "behind" }
  /** What differed did not when it was read again: the answers came from endpoints that disagree. */
  | { readonly kind: "unsettled" }
  /** L1 has replaced the last `depth` blocks read; `number` is the last that stays, `null` for none. */
  | { readonly kind: "reorg"; readonly number: L1BlockNumber | null; readonly depth: number };

/**
 * The last L1 block read that is still on L1's chain (FINAL-3).
 *
 * @throws ArchiverError L1_FINALIZED_CHANGED when a finalized one is not, L1_BLOCK_MISSING when the endpoint has a hole
 */
export async function findAncestor(
  l1: L1Reader,
  { l1Blocks, cursor }: Pick<ChainSnapshot, "l1Blocks" | "cursor">,
  head: L1BlockRef,
): Promise<Ancestor> {
  const last = l1Blocks.at(-1);
  if (!last) return { kind: "same" };
  const [first] = l1Blocks;
  if (first && head.number < first.number && cursor.l1Finalized !== null) return { kind: "behind" };
  for (let at = l1Blocks.length - 1; at >= 0; at--) {
    const stored = l1Blocks[at] as (typeof l1Blocks)[number];
    if (stored.number > head.number) continue;
    const current = stored.number === head.number ? head : await l1.block(stored.number);
    if (current?.hash !== stored.hash) {
      if (!current) {
        await requireShorter(l1, stored.number);
        return { kind: "behind" };
      }
      continue;
    }
    if (stored === last) return { kind: "same" };
    // A chain that is only shorter: endpoints behind one another look like that, and a real reorg soon holds another
    // block.
    if (head.number === stored.number) return { kind: "behind" };
    if (!(await isReplaced(l1, l1Blocks[at + 1] as typeof last))) return { kind: "unsettled" };
    return { kind: "reorg", number: stored.number, depth: l1Blocks.length - 1 - at };
  }
  if (!(await isReplaced(l1, first as typeof last))) return { kind: "unsettled" };
  if (cursor.l1Finalized !== null)
    throw new ArchiverError(
      ArchiverErrorCode.L1_FINALIZED_CHANGED,
      `L1's block ${cursor.l1Finalized} is not the one that L1 had finalized: check that the endpoint serves the ` +
        "right L1; if L1 itself changed, delete the folders archive and state of the data directory",
      { l1Block: cursor.l1Finalized },
    );
  return { kind: "reorg", number: null, depth: l1Blocks.length };
}

/**
 * Whether L1 holds another block in the place of `stored`, asked a second time. An endpoint that has come to serve
 * another chain shows it when it is asked for its head: the block then comes from another endpoint, or not at all.
 */
async function isReplaced(l1: L1Reader, stored: L1BlockName): Promise<boolean> {
  await l1.head();
  const current = await l1.block(stored.number);
  return current !== undefined && current.hash !== stored.hash;
}
