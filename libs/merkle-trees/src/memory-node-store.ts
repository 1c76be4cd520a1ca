import { FlatRecords } from "./flat-records.js";
import { MemoryKeyIndex } from "./memory-key-index.js";
import type { KeyEntry, NodeStore } from "./node-store.js";

/** A tree in memory: about 64 bytes a leaf for an append-only tree. Dense from the left, as trees grow. */
export class MemoryNodeStore implements NodeStore {
  private count = 0;
  private readonly levels: FlatRecords[] = [];
  private preimages: FlatRecords | undefined;
  private keys: MemoryKeyIndex | undefined;

  leafCount(): number {
    return this.count;
  }

  setLeafCount(count: number): void {
    this.count = count;
  }

  // oxlint-disable-next-line max-params -- called for every node: no object for each
  readNode(level: number, index: number, target: Uint8Array, offset: number): boolean {
    return this.levels[level]?.read(index, target, offset) ?? false;
  }

  writeNodes(level: number, index: number, nodes: Uint8Array): void {
    while (this.levels.length <= level) this.levels.push(new FlatRecords(32));
    (this.levels[level] as FlatRecords).write(index, nodes);
  }

  readPreimage(index: number): Uint8Array | undefined {
    return index < this.count ? this.preimages?.view(index) : undefined;
  }

  writePreimage(index: number, preimage: Uint8Array): void {
    this.preimages ??= new FlatRecords(preimage.length);
    this.preimages.write(index, preimage);
  }

  floorKey(key: Uint8Array): KeyEntry | undefined {
    return this.keys?.floor(key);
  }

  addKeys(entries: Uint8Array): void {
    this.keys ??= new MemoryKeyIndex();
    this.keys.add(entries);
  }
}
