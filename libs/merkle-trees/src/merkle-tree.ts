import type { FieldHasher } from "@sprtn/primitives";
import { AuditedNodeStore } from "./audited-node-store.js";
import type { NodeStore } from "./node-store.js";
import { TreeError, TreeErrorCode } from "./tree-error.js";
import { zeroHashes } from "./zero-hashes.js";

/** The store that holds the tree's nodes, and the hash that they are made with. */
export interface TreeDependencies {
  readonly store: NodeStore;
  readonly hasher: FieldHasher;
}

/** STATE-1: what a state hash commits to. */
export interface TreeSnapshot {
  /** 32 bytes. */
  readonly root: Uint8Array;
  readonly nextIndex: number;
}

/** What every tree can be asked. Left-filled: what lies right of the last leaf is zero. */
export abstract class MerkleTree {
  readonly store: NodeStore;
  readonly hasher: FieldHasher;
  protected readonly zeros: readonly Uint8Array[];

  constructor(
    dependencies: TreeDependencies,
    readonly depth: number,
  ) {
    if (!Number.isInteger(depth) || depth < 1 || depth > 32)
      throw new TreeError(TreeErrorCode.OUT_OF_RANGE, `no tree of depth ${depth}: give 1 to 32`, { depth });
    this.store = dependencies.store;
    this.hasher = dependencies.hasher;
    this.zeros = zeroHashes(dependencies.hasher, depth);
  }

  /** Number of leaves = next free index. */
  get leafCount(): number {
    return this.store.leafCount();
  }

  /** 32 bytes, the caller's own. */
  root(): Uint8Array {
    return this.node(this.depth, 0);
  }

  snapshot(): TreeSnapshot {
    return { root: this.root(), nextIndex: this.leafCount };
  }

  /** The same nodes, each compared with those around it when it is read. */
  audited(): NodeStore {
    return new AuditedNodeStore(this, { depth: this.depth, zeros: this.zeros });
  }

  /** Level 0 is the leaves; 32 bytes, the caller's own. */
  node(level: number, index: number): Uint8Array {
    this.checkPosition(level, index);
    const out = new Uint8Array(32);
    this.copyNode(level, index, this.leafCount, out, 0);
    return out;
  }

  /**
   * The siblings of a node from its own level up to below the root: (depth − level)·32 bytes. Of a leaf by default; of
   * the root of a subtree with `level` > 0.
   * The position may be empty still: a path to append at.
   */
  path(index: number, level = 0): Uint8Array {
    this.checkPosition(level, index);
    const leafCount = this.leafCount;
    const out = new Uint8Array(32 * (this.depth - level));
    for (let height = level, at = index; height < this.depth; height++, at >>>= 1)
      this.copyNode(height, (at ^ 1) >>> 0, leafCount, out, 32 * (height - level));
    return out;
  }

  /**
   * Copies a node, or the zero hash of its height if it lies right of the last leaf.
   * @throws CORRUPT_STORE if it ought to be there
   */
  // oxlint-disable-next-line max-params -- called for every node: no object for each
  protected copyNode(level: number, index: number, leafCount: number, target: Uint8Array, offset: number): void {
    if (leafCount > 0 && index <= (leafCount - 1) / 2 ** level) {
      if (this.store.readNode(level, index, target, offset)) return;
      if (level > 0)
        throw new TreeError(
          TreeErrorCode.CORRUPT_STORE,
          `node ${index} of level ${level} is missing among ${leafCount} leaves: restore the database from a ` +
            "snapshot or sync again",
          { level, index, leafCount },
        );
    }
    target.set(this.zeros[level] as Uint8Array, offset);
  }

  /** TREE_FULL unless `count` more leaves fit. */
  protected checkRoom(count: number): void {
    if (this.leafCount + count > 2 ** this.depth) {
      throw new TreeError(
        TreeErrorCode.FULL,
        `there is no room for ${count} more leaves: ${this.leafCount} of 2^${this.depth} are in use`,
        { leafCount: this.leafCount, count, depth: this.depth },
      );
    }
  }

  private checkPosition(level: number, index: number): void {
    if (
      Number.isInteger(level) &&
      level >= 0 &&
      level <= this.depth &&
      Number.isInteger(index) &&
      index >= 0 &&
      index < 2 ** (this.depth - level)
    )
      return;
    throw new TreeError(
      TreeErrorCode.OUT_OF_RANGE,
      `no node ${index} on level ${level} of a tree of depth ${this.depth}`,
      { level, index, depth: this.depth },
    );
  }

  /**
   * Writes leaves and hashes what lies above them, level by level in bulk, each changed node once.
   * @param indices ascending and distinct; those at or above leafCount must continue it without a gap
   * @param leaves indices.length·32 bytes
   * @param top level to stop at, at least {@link heightOf} the leaves; {@link hashSpine} does the rest
   */
  protected writeLeaves(indices: readonly number[], leaves: Uint8Array, top = this.depth): void {
    if (indices.length === 0) return;
    const leafCount = Math.max(this.leafCount, (indices[indices.length - 1] as number) + 1);
    let dirty = indices;
    let nodes = leaves;
    this.writeRuns(0, dirty, nodes);
    const buffer = new Uint8Array(64 * indices.length);
    for (let level = 0; level < top; level++) {
      const parents = this.fillPairs({ level, leafCount, nodes }, dirty, buffer);
      nodes = this.hasher.hashPairs(buffer.subarray(0, 64 * parents.length));
      dirty = parents;
      this.writeRuns(level + 1, dirty, nodes);
    }
    this.store.setLeafCount(leafCount);
  }

  /** Writes each changed node beside its sibling, changed or not, into `pairs`; returns the parents' indices. */
  private fillPairs(
    { level, leafCount, nodes }: { readonly level: number; readonly leafCount: number; readonly nodes: Uint8Array },
    dirty: readonly number[],
    pairs: Uint8Array,
  ): number[] {
    const first = dirty[0] as number;
    const last = dirty[dirty.length - 1] as number;
    if (last - first === dirty.length - 1) {
      const lead = first % 2;
      pairs.set(nodes, 32 * lead);
      if (lead === 1) this.copyNode(level, first - 1, leafCount, pairs, 0);
      if (last % 2 === 0) this.copyNode(level, last + 1, leafCount, pairs, 32 * (lead + dirty.length));
      return Array.from({ length: (lead + dirty.length + 1) >>> 1 }, (_, i) => (first >>> 1) + i);
    }
    const parents: number[] = [];
    for (let i = 0; i < dirty.length; i++) {
      const index = dirty[i] as number;
      const at = 64 * parents.length;
      const right = index % 2;
      const both = right === 0 && dirty[i + 1] === index + 1;
      copyBytes(nodes, 32 * i, pairs, at + 32 * right, both ? 64 : 32);
      if (both) i++;
      else this.copyNode(level, (index ^ 1) >>> 0, leafCount, pairs, at + 32 - 32 * right);
      parents.push(index >>> 1);
    }
    return parents;
  }

  /** Height of the smallest subtree that holds `count` leaves: above it every sibling is zero. */
  protected heightOf(count: number): number {
    return count <= 1 ? 0 : 32 - Math.clz32(count - 1);
  }

  /** Hashes the leftmost nodes above `level`, which `writeLeaves` left out. */
  protected hashSpine(level: number): void {
    const pair = new Uint8Array(64);
    this.copyNode(level, 0, this.leafCount, pair, 0);
    for (let height = level; height < this.depth; height++) {
      pair.set(this.zeros[height] as Uint8Array, 32);
      const parent = this.hasher.hashPairs(pair);
      this.store.writeNodes(height + 1, 0, parent);
      pair.set(parent);
    }
  }

  private writeRuns(level: number, indices: readonly number[], nodes: Uint8Array): void {
    for (let from = 0, to = 1; from < indices.length; from = to++) {
      while (to < indices.length && indices[to] === (indices[to - 1] as number) + 1) to++;
      this.store.writeNodes(level, indices[from] as number, nodes.subarray(32 * from, 32 * to));
    }
  }
}

/** `set` of a subarray, without the object that it makes for a few bytes. */
// oxlint-disable-next-line max-params -- called for every node: no object for each
function copyBytes(from: Uint8Array, start: number, to: Uint8Array, offset: number, length: number): void {
  for (let i = 0; i < length; i++) to[offset + i] = from[start + i] as number;
}
