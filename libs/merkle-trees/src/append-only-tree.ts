import { checkPacked } from "./fields-packed.js";
import { MerkleTree, type TreeDependencies } from "./merkle-tree.js";
import { TreeError, TreeErrorCode } from "./tree-error.js";

/** Where a subtree was appended, and the siblings of its root there: (depth − height)·32 bytes. */
export interface SubtreeInsertion {
  /** Index of the subtree's root on its level. */
  readonly index: number;
  readonly path: Uint8Array;
}

/** Leaves in the order of their arrival: note hashes, messages, the archive. */
export class AppendOnlyTree extends MerkleTree {
  constructor(dependencies: TreeDependencies, settings: { readonly depth: number }) {
    super(dependencies, settings.depth);
  }

  /**
   * Appends n·32 bytes of leaves (fields, big-endian); returns the index of the first. Nothing is written if it throws.
   */
  append(leaves: Uint8Array): number {
    checkPacked(leaves, 32);
    const first = this.leafCount;
    const count = leaves.length / 32;
    this.checkRoom(count);
    this.writeLeaves(
      Array.from({ length: count }, (_, i) => first + i),
      leaves,
    );
    return first;
  }

  /**
   * Appends exactly 2^height leaves, which must start at a multiple of 2^height (UNALIGNED otherwise): a block's
   * messages.
   */
  appendSubtree(leaves: Uint8Array, height: number): SubtreeInsertion {
    const size = 2 ** height;
    if (leaves.length !== 32 * size)
      throw new TreeError(
        TreeErrorCode.BAD_LENGTH,
        `a subtree of height ${height} holds ${size} leaves: give ${32 * size} bytes, with zeros for absent leaves`,
        { length: leaves.length, height },
      );
    if (this.leafCount % size !== 0)
      throw new TreeError(
        TreeErrorCode.UNALIGNED,
        `the next leaf ${this.leafCount} is not a multiple of ${size}: fill the subtree with zeros first`,
        { leafCount: this.leafCount, height },
      );
    this.checkRoom(size);
    const index = this.leafCount / size;
    const path = this.path(index, height);
    this.append(leaves);
    return { index, path };
  }

  /** Zero for a leaf that does not exist yet. */
  leaf(index: number): Uint8Array {
    return this.node(0, index);
  }
}
