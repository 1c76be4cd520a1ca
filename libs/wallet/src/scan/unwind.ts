import { BlockNumber } from "@sprtn/primitives";
import type { NodeApi } from "@sprtn/ports";
import { WalletError, WalletErrorCode } from "../wallet-error.js";
import { frontierOf, type ScannedBlock } from "./scan-state.js";
import type { ScanChange, ScanStore } from "./scan-store.js";

/** Blocks asked for at once: NodeApi's limit. */
export const BLOCKS_AT_ONCE = 100;

/**
 * The last scanned block that is still on the node's chain.
 * @throws WalletError WRONG_CHAIN if not even the oldest one kept is: finalized blocks never change
 */
export async function commonAncestor(node: Pick<NodeApi, "getBlocks">, store: ScanStore): Promise<ScannedBlock> {
  const known = store.blocks;
  for (let end = known.length; end > 0;) {
    const last = known[end - 1] as ScannedBlock;
    const begin = known.findIndex(block => block.number > last.number - BLOCKS_AT_ONCE);
    const part = known.slice(begin, end);
    const from = (part[0] as ScannedBlock).number;
    const hashes = new Map(
      (await node.getBlocks(BlockNumber(from), last.number - from + 1)).map(block => [
        block.header.number,
        block.headerHash,
      ]),
    );
    const ancestor = part.findLast(block => hashes.get(block.number) === block.hash);
    if (ancestor !== undefined) return ancestor;
    end = begin;
  }
  throw new WalletError(
    WalletErrorCode.WRONG_CHAIN,
    "the node's chain has no block in common with the chain that this wallet scanned: connect to a node of the " +
      "same network, or rescan",
  );
}

/**
 * Forgets what the blocks above `ancestor` did: their notes are gone, notes spent in them are unspent, public balances
 * are what they were. Reservations stay, for their transactions go back to the pool.
 */
export function unwindTo(store: ScanStore, ancestor: ScannedBlock): ScanChange {
  const all = [...store.notes()];
  const gone = (block: BlockNumber | null) => block !== null && block > ancestor.number;
  const { leafCount } = frontierOf(ancestor);
  return {
    removedBlocks: store.blocks.filter(block => gone(block.number)),
    removedNotes: all.filter(note => gone(note.block)),
    removedPaths: [...store.paths()].filter(path => path.leafIndex >= leafCount),
    removedBalances: store.balances.filter(record => gone(record.block)),
    notes: all.filter(note => !gone(note.block) && gone(note.spentIn)).map(note => ({ ...note, spentIn: null })),
  };
}
