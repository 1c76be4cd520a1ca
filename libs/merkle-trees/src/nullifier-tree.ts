import type { Field } from "@sprtn/primitives";
import { IndexedTree, type InsertionWitness } from "./indexed-tree.js";
import { fieldAt } from "./leaf-layout.js";
import type { TreeDependencies } from "./merkle-tree.js";

/** Next value 0: no greater value. */
export interface NullifierLeaf {
  readonly value: Field;
  readonly nextIndex: number;
  readonly nextValue: Field;
}

/** Nullifiers: each at most once (INV-4). */
export class NullifierTree extends IndexedTree<NullifierLeaf> {
  /** @param settings leafSeparator: NULLIFIER_LEAF of the protocol's constants */
  constructor(dependencies: TreeDependencies, settings: { readonly depth: number; readonly leafSeparator: bigint }) {
    super(dependencies, { depth: settings.depth, layout: { separator: settings.leafSeparator, hasValue: false } });
  }

  protected override decode(preimage: Uint8Array): NullifierLeaf {
    return {
      value: fieldAt(preimage, 0),
      nextIndex: this.layout.nextIndex(preimage),
      nextValue: fieldAt(this.layout.nextKey(preimage), 0),
    };
  }

  /** Inserts n·32 bytes of nullifiers in this order, in bulk. KEY_ZERO, DUPLICATE_KEY, FULL: nothing is written. */
  insert(nullifiers: Uint8Array): void {
    this.writeBatch(nullifiers, false);
  }

  /** The same tree, with a witness of each step. */
  insertWithWitnesses(nullifiers: Uint8Array): InsertionWitness<NullifierLeaf>[] {
    return this.writeSequentially(nullifiers, false) as InsertionWitness<NullifierLeaf>[];
  }
}
