import type { Field, FieldHasher } from "@sprtn/primitives";
import { DomainSeparator } from "./generated/constants.js";

/** A tree at one moment: its root and the next free leaf index. */
export interface TreeSnapshot {
  readonly root: Field;
  readonly nextIndex: number;
}

/** The four trees before the archive (STATE-1). */
export interface StateReference {
  readonly messages: TreeSnapshot;
  readonly noteHashes: TreeSnapshot;
  readonly nullifiers: TreeSnapshot;
  readonly publicData: TreeSnapshot;
}

/** The header's `stateHash` (STATE-1): roots and sizes of the four trees before the archive. */
export function hashState(hasher: FieldHasher, state: StateReference): Field {
  const order = [state.messages, state.noteHashes, state.nullifiers, state.publicData];
  return hasher.hash([DomainSeparator.STATE, ...order.flatMap(tree => [tree.root, BigInt(tree.nextIndex)])]);
}

/** Leaf of the archive tree, at index = number. */
export function archiveLeaf(
  hasher: FieldHasher,
  block: { headerHash: Field; stateHash: Field; number: number; slot: number },
): Field {
  return hasher.hash([
    DomainSeparator.ARCHIVE_LEAF,
    block.headerHash,
    block.stateHash,
    BigInt(block.number),
    BigInt(block.slot),
  ]);
}
