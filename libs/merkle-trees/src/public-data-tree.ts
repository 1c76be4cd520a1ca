import { type Field, fieldToHex, ZERO_FIELD } from "@sprtn/primitives";
import { packFields } from "./fields-packed.js";
import { IndexedTree, type InsertionWitness, type UpdateWitness } from "./indexed-tree.js";
import { fieldAt } from "./leaf-layout.js";
import type { TreeDependencies } from "./merkle-tree.js";
import { TreeError, TreeErrorCode } from "./tree-error.js";

/** Next slot 0: no greater slot. */
export interface PublicDataLeaf {
  readonly slot: Field;
  readonly value: Field;
  readonly nextIndex: number;
  readonly nextSlot: Field;
}

/** Public data: slot → value, slots in the order in which they were first written. */
export class PublicDataTree extends IndexedTree<PublicDataLeaf> {
  /** @param settings leafSeparator: PUBLIC_DATA_LEAF of the protocol's constants */
  constructor(dependencies: TreeDependencies, settings: { readonly depth: number; readonly leafSeparator: bigint }) {
    super(dependencies, { depth: settings.depth, layout: { separator: settings.leafSeparator, hasValue: true } });
  }

  protected override decode(preimage: Uint8Array): PublicDataLeaf {
    return {
      slot: fieldAt(preimage, 0),
      value: fieldAt(preimage, 32),
      nextIndex: this.layout.nextIndex(preimage),
      nextSlot: fieldAt(this.layout.nextKey(preimage), 0),
    };
  }

  /** The value of a slot; 0 for one never written. */
  read(slot: Field): Field {
    const index = this.indexOf(slot);
    return index === undefined ? ZERO_FIELD : this.leaf(index).value;
  }

  /**
   * Writes n·64 bytes of (slot, value) in this order, in bulk; a slot may come again, its last value stays. KEY_ZERO,
   * FULL: nothing is written.
   */
  write(writes: Uint8Array): void {
    this.writeBatch(writes, true);
  }

  /** The same tree, with a witness of each step. */
  writeWithWitnesses(writes: Uint8Array): (InsertionWitness<PublicDataLeaf> | UpdateWitness<PublicDataLeaf>)[] {
    return this.writeSequentially(writes, true);
  }

  /** Changes a slot that was written before; UNKNOWN_KEY otherwise. */
  update(slot: Field, value: Field): UpdateWitness<PublicDataLeaf> {
    if (slot === ZERO_FIELD || !this.has(slot))
      throw new TreeError(TreeErrorCode.UNKNOWN_KEY, "the slot was never written: insert it with write", {
        slot: fieldToHex(slot),
      });
    return this.writeWithWitnesses(packFields([slot, value]))[0] as UpdateWitness<PublicDataLeaf>;
  }
}
