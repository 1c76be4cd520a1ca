import type { FieldHasher } from "@sprtn/primitives";
import { compare32, isZero32 } from "./fields-packed.js";
import type { LeafLayout } from "./leaf-layout.js";
import type { KeyEntry, NodeStore } from "./node-store.js";
import { TreeError, TreeErrorCode } from "./tree-error.js";

export interface AuditedNodeStoreSettings {
  readonly depth: number;
  /** Of each level, the node of an empty subtree. */
  readonly zeros: readonly Uint8Array[];
  /** Of an indexed tree's leaves. */
  readonly layout?: LeafLayout;
}

/**
 * A tree's store that believes nothing that it reads: a node and its sibling must hash to the node above them, a
 * preimage to its leaf, and the leaf with the greatest key below must be followed by a greater one. What a disk has
 * changed without a word shows as CORRUPT_STORE. Each pair of nodes costs a hash, once.
 */
export class AuditedNodeStore implements NodeStore {
  readonly #store: NodeStore;
  readonly #hasher: FieldHasher;
  readonly #settings: AuditedNodeStoreSettings;
  /** Pairs of nodes that were compared with what is above them. */
  readonly #checked = new Set<number>();

  constructor(
    dependencies: { readonly store: NodeStore; readonly hasher: FieldHasher },
    settings: AuditedNodeStoreSettings,
  ) {
    this.#store = dependencies.store;
    this.#hasher = dependencies.hasher;
    this.#settings = settings;
  }

  leafCount(): number {
    return this.#store.leafCount();
  }

  /** @throws CORRUPT_STORE */
  // oxlint-disable-next-line max-params -- as the interface has it
  readNode(level: number, index: number, target: Uint8Array, offset: number): boolean {
    if (level < this.#settings.depth) this.#checkPair(level, Math.floor(index / 2));
    return this.#store.readNode(level, index, target, offset);
  }

  /** @throws CORRUPT_STORE */
  readPreimage(index: number): Uint8Array | undefined {
    const preimage = this.#store.readPreimage(index);
    const { layout } = this.#settings;
    if (preimage === undefined || layout === undefined) return preimage;
    if (compare32(layout.hash(this.#hasher, [preimage]), 0, this.#node(0, index), 0) !== 0)
      throw corrupt(`the preimage of leaf ${index} does not hash to it`, { index });
    return preimage;
  }

  /** @throws CORRUPT_STORE */
  floorKey(key: Uint8Array): KeyEntry | undefined {
    const entry = this.#store.floorKey(key);
    const { layout } = this.#settings;
    if (entry === undefined || layout === undefined) return entry;
    const preimage = this.readPreimage(entry.index);
    const next = preimage && layout.nextKey(preimage);
    const isFloor =
      preimage !== undefined &&
      next !== undefined &&
      compare32(preimage, 0, entry.key, 0) === 0 &&
      compare32(entry.key, 0, key, 0) <= 0 &&
      (isZero32(next, 0) || compare32(next, 0, key, 0) > 0);
    if (!isFloor) throw corrupt(`leaf ${entry.index} is not the one below a key`, { index: entry.index });
    return entry;
  }

  setLeafCount(count: number): void {
    this.#store.setLeafCount(count);
  }

  writeNodes(level: number, index: number, nodes: Uint8Array): void {
    this.#checked.clear();
    this.#store.writeNodes(level, index, nodes);
  }

  writePreimage(index: number, preimage: Uint8Array): void {
    this.#store.writePreimage(index, preimage);
  }

  addKeys(entries: Uint8Array): void {
    this.#store.addKeys(entries);
  }

  #checkPair(level: number, parent: number): void {
    const pair = level * 2 ** 32 + parent;
    if (this.#checked.has(pair)) return;
    const nodes = new Uint8Array(64);
    nodes.set(this.#node(level, 2 * parent));
    nodes.set(this.#node(level, 2 * parent + 1), 32);
    if (compare32(this.#hasher.hashPairs(nodes), 0, this.#node(level + 1, parent), 0) !== 0)
      throw corrupt(`node ${parent} of level ${level + 1} is not the hash of those below`, { level, index: parent });
    this.#checked.add(pair);
  }

  #node(level: number, index: number): Uint8Array {
    const out = new Uint8Array(32);
    if (!this.#store.readNode(level, index, out, 0)) out.set(this.#settings.zeros[level] as Uint8Array);
    return out;
  }
}

function corrupt(what: string, payload: Readonly<Record<string, number>>): TreeError {
  return new TreeError(
    TreeErrorCode.CORRUPT_STORE,
    `the tree contradicts itself: ${what}: restore the database from a snapshot or sync again, and check the disk`,
    payload,
  );
}
