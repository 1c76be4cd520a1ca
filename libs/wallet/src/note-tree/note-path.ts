import { type Field, type FieldHasher } from "@sprtn/primitives";
import { constants } from "@sprtn/protocol";
import { WalletError, WalletErrorCode } from "../wallet-error.js";
import { emptyNode, type Frontier } from "./frontier.js";

const DEPTH = constants.NOTE_HASH_TREE_DEPTH;

/**
 * What is known of the path of one of the wallet's notes: siblings that are complete, and so change only when a reorg
 * takes their leaves back. One that a reorg left behind is not read before it is complete again, and so replaced.
 */
export interface NotePath {
  readonly uniqueHash: Field;
  readonly leafIndex: bigint;
  /** By level, `null` where the sibling is not complete yet. */
  readonly siblings: readonly (Field | null)[];
}

/** Index of the sibling at this level above a leaf. */
export function siblingIndex(leafIndex: bigint, level: number): number {
  const index = Math.floor(Number(leafIndex) / 2 ** level);
  return index % 2 === 0 ? index + 1 : index - 1;
}

/**
 * The siblings of a note in the tree that `frontier` ends, with `edge` = `rightEdge(frontier)`: complete ones are
 * known, one may be partly filled, those beyond are empty.
 * @throws WalletError BAD_STORE for a path that lacks a sibling
 */
export function pathAt(
  hasher: FieldHasher,
  { leafIndex, siblings }: NotePath,
  { frontier, edge }: { readonly frontier: Frontier; readonly edge: readonly Field[] },
): Field[] {
  return Array.from({ length: DEPTH }, (_, level) => {
    const index = siblingIndex(leafIndex, level);
    const ending = Math.floor(frontier.leafCount / 2 ** level);
    if (index > ending) return emptyNode(hasher, level);
    const sibling = index === ending ? edge[level] : siblings[level];
    if (sibling === undefined || sibling === null)
      throw new WalletError(
        WalletErrorCode.BAD_STORE,
        "the wallet's store lacks a part of a note's path: rescan, or restore a backup",
        { what: `sibling ${level} of leaf ${leafIndex}` },
      );
    return sibling;
  });
}
