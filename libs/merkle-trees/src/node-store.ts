/** A key of an indexed tree and the index of the leaf that holds it. */
export interface KeyEntry {
  /** 32 bytes, big-endian field. */
  readonly key: Uint8Array;
  readonly index: number;
}

/** Bytes of one packed {@link KeyEntry}: the key, then the leaf index as u32, big-endian. */
export const KEY_ENTRY_BYTES = 36;

/**
 * Where ONE tree keeps its nodes: synchronous, without hashing, without checks. Level 0 holds the leaves, level `depth`
 * the root; a node is 32 bytes.
 * The trees have no state of their own: swapping the store (fork, overlay, snapshot) swaps the tree.
 */
export interface NodeStore {
  /** Number of leaves appended so far = next free index. */
  leafCount(): number;
  setLeafCount(count: number): void;
  /**
   * Copies a node to `target` at `offset`; false (target untouched) if it was never written. A leaf of 32 zero bytes
   * may count as never written.
   */
  readNode(level: number, index: number, target: Uint8Array, offset: number): boolean;
  /** Writes nodes.length / 32 consecutive nodes from `index` on; the store copies them. */
  writeNodes(level: number, index: number, nodes: Uint8Array): void;
  /** Indexed trees: the packed preimage of a leaf; callers do not change it. */
  readPreimage(index: number): Uint8Array | undefined;
  writePreimage(index: number, preimage: Uint8Array): void;
  /** Indexed trees: the greatest key ≤ `key`. */
  floorKey(key: Uint8Array): KeyEntry | undefined;
  /** Indexed trees: adds packed entries of {@link KEY_ENTRY_BYTES}, ascending by key, none of them present. */
  addKeys(entries: Uint8Array): void;
}
