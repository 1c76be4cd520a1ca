import { compare32 } from "./fields-packed.js";
import { MemoryKeyIndex } from "./memory-key-index.js";
import type { KeyEntry, NodeStore } from "./node-store.js";
import { applyChanges, type TreeChanges } from "./tree-changes.js";

const NO_KEYS = new Uint8Array();

/**
 * A fork: reads fall through to the parent, writes stay here. While it is in use the parent must not change, but
 * through this overlay's `commit`. Overlays stack.
 */
export class OverlayNodeStore implements NodeStore {
  private count: number | undefined;
  private levels: Map<number, Uint8Array>[] = [];
  private preimages = new Map<number, Uint8Array>();
  private keys: MemoryKeyIndex | undefined;

  constructor(private readonly parent: NodeStore) {}

  leafCount(): number {
    return this.count ?? this.parent.leafCount();
  }

  setLeafCount(count: number): void {
    this.count = count;
  }

  // oxlint-disable-next-line max-params -- called for every node: no object for each
  readNode(level: number, index: number, target: Uint8Array, offset: number): boolean {
    const own = this.levels[level]?.get(index);
    if (own === undefined) return this.parent.readNode(level, index, target, offset);
    target.set(own, offset);
    return true;
  }

  writeNodes(level: number, index: number, nodes: Uint8Array): void {
    while (this.levels.length <= level) this.levels.push(new Map());
    const own = this.levels[level] as Map<number, Uint8Array>;
    const copy = nodes.slice();
    for (let i = 0; i < copy.length / 32; i++) own.set(index + i, copy.subarray(32 * i, 32 * i + 32));
  }

  readPreimage(index: number): Uint8Array | undefined {
    return this.preimages.get(index) ?? this.parent.readPreimage(index);
  }

  writePreimage(index: number, preimage: Uint8Array): void {
    this.preimages.set(index, preimage.slice());
  }

  floorKey(key: Uint8Array): KeyEntry | undefined {
    const own = this.keys?.floor(key);
    const below = this.parent.floorKey(key);
    if (own === undefined || below === undefined) return own ?? below;
    return compare32(own.key, 0, below.key, 0) >= 0 ? own : below;
  }

  addKeys(entries: Uint8Array): void {
    this.keys ??= new MemoryKeyIndex();
    this.keys.add(entries);
  }

  /**
   * What is written here so far; it shares memory with the overlay: later writes may show in it, `commit` and `drop` do
   * not touch it.
   */
  changes(): TreeChanges {
    return {
      leafCount: this.leafCount(),
      nodes: this.levels,
      preimages: this.preimages,
      keys: this.keys?.entries() ?? NO_KEYS,
    };
  }

  /** Writes everything to the parent and empties the overlay. */
  commit(): void {
    applyChanges(this.parent, this.changes());
    this.drop();
  }

  /** Forgets everything written here. */
  drop(): void {
    this.count = undefined;
    this.levels = [];
    this.preimages = new Map();
    this.keys = undefined;
  }
}
