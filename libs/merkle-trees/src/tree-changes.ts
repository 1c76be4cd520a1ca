import type { NodeStore } from "./node-store.js";

/** What an overlay holds over its parent: plain data, to be kept for a block, applied elsewhere, or dropped. */
export interface TreeChanges {
  readonly leafCount: number;
  /** By level: node index → 32 bytes. */
  readonly nodes: readonly ReadonlyMap<number, Uint8Array>[];
  /** Leaf index → packed preimage. */
  readonly preimages: ReadonlyMap<number, Uint8Array>;
  /** Packed key entries that were added, ascending. */
  readonly keys: Uint8Array;
}

/** Writes `changes` to `store`; they must have been made on top of its content. */
export function applyChanges(store: NodeStore, changes: TreeChanges): void {
  changes.nodes.forEach((nodes, level) => {
    for (const [index, node] of nodes) store.writeNodes(level, index, node);
  });
  for (const [index, preimage] of changes.preimages) store.writePreimage(index, preimage);
  if (changes.keys.length > 0) store.addKeys(changes.keys);
  store.setLeafCount(changes.leafCount);
}
