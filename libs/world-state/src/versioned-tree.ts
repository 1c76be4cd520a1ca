import {
  compareKeys,
  type KeyEntry,
  KEY_ENTRY_BYTES,
  MemoryKeyIndex,
  type NodeStore,
  type TreeChanges,
} from "@sprtn/merkle-trees";
import { WorldStateError, WorldStateErrorCode } from "./world-state-error.js";

interface Version {
  readonly block: number;
  readonly bytes: Uint8Array;
}

/**
 * One tree's states from the finalized block to the tip: what is on disk, and over it each later block's writes, by
 * block. A read at block b takes the last version not after b,
 * so every kept state is read as fast as the latest (STATE-2).
 */
export class VersionedTree {
  readonly #nodes: Map<number, Version[]>[] = [];
  readonly #preimages = new Map<number, Version[]>();
  readonly #changes = new Map<number, TreeChanges>();
  #keys = new MemoryKeyIndex();

  #disk: NodeStore;

  constructor(disk: NodeStore) {
    this.#disk = disk;
  }

  /** @param block the next one */
  push(block: number, changes: TreeChanges): void {
    this.#changes.set(block, changes);
    changes.nodes.forEach((nodes, level) => {
      const versions = (this.#nodes[level] ??= new Map());
      for (const [index, bytes] of nodes) add(versions, index, { block, bytes });
    });
    for (const [index, bytes] of changes.preimages) add(this.#preimages, index, { block, bytes });
    if (changes.keys.length > 0) this.#keys.add(changes.keys);
  }

  /** What `block` changed over the one before it. */
  changesOf(block: number): TreeChanges | undefined {
    return this.#changes.get(block);
  }

  /** Reads go to `disk` from now on: the same tree, opened again. */
  reopen(disk: NodeStore): void {
    this.#disk = disk;
  }

  /** Drops `block`'s versions: the latest one's to unwind it, the oldest one's once the disk store has them. */
  forget(block: number): void {
    const changes = this.#changes.get(block);
    if (changes === undefined) return;
    this.#changes.delete(block);
    changes.nodes.forEach((nodes, level) => {
      const versions = this.#nodes[level];
      if (versions !== undefined) for (const index of nodes.keys()) remove(versions, index, block);
    });
    for (const index of changes.preimages.keys()) remove(this.#preimages, index, block);
    if (changes.keys.length > 0) this.#rebuildKeys();
  }

  /** The tree after `block`; read only. `require` throws if that block has been replaced. */
  at(block: number, require: () => void = () => {}): NodeStore {
    return new VersionView(this, block, require);
  }

  leafCountAt(block: number): number {
    let count: number | undefined;
    for (const [number, changes] of this.#changes) if (number <= block) count = changes.leafCount;
    return count ?? this.#disk.leafCount();
  }

  // oxlint-disable-next-line max-params -- called for every node: no object for each
  readNode(block: number, level: number, index: number, target: Uint8Array, offset: number): boolean {
    const version = lastAt(this.#nodes[level]?.get(index), block);
    if (version === undefined) return this.#disk.readNode(level, index, target, offset);
    target.set(version, offset);
    return true;
  }

  readPreimage(block: number, index: number): Uint8Array | undefined {
    return lastAt(this.#preimages.get(index), block) ?? this.#disk.readPreimage(index);
  }

  /** Leaf indices only grow, so a key was there after a block if its index is below that block's leaf count. */
  floorKey(leafCount: number, key: Uint8Array): KeyEntry | undefined {
    let own = this.#keys.floor(key);
    while (own !== undefined && own.index >= leafCount) own = this.#keys.floor(predecessor(own.key));
    const below = this.#disk.floorKey(key);
    if (own === undefined || below === undefined) return own ?? below;
    return compareKeys(own.key, below.key) >= 0 ? own : below;
  }

  #rebuildKeys(): void {
    this.#keys = new MemoryKeyIndex();
    const entries = [...this.#changes.values()].flatMap(changes => entriesOf(changes.keys)).toSorted(compareKeys);
    const packed = new Uint8Array(entries.length * KEY_ENTRY_BYTES);
    entries.forEach((entry, i) => packed.set(entry, i * KEY_ENTRY_BYTES));
    if (entries.length > 0) this.#keys.add(packed);
  }
}

class VersionView implements NodeStore {
  readonly #leafCount: number;

  constructor(
    private readonly tree: VersionedTree,
    private readonly block: number,
    private readonly require: () => void,
  ) {
    this.#leafCount = tree.leafCountAt(block);
  }

  leafCount(): number {
    return this.#leafCount;
  }

  // oxlint-disable-next-line max-params -- called for every node: no object for each
  readNode(level: number, index: number, target: Uint8Array, offset: number): boolean {
    this.require();
    return this.tree.readNode(this.block, level, index, target, offset);
  }

  readPreimage(index: number): Uint8Array | undefined {
    this.require();
    return this.tree.readPreimage(this.block, index);
  }

  floorKey(key: Uint8Array): KeyEntry | undefined {
    this.require();
    return this.tree.floorKey(this.#leafCount, key);
  }

  setLeafCount(): never {
    return readOnly();
  }

  writeNodes(): never {
    return readOnly();
  }

  writePreimage(): never {
    return readOnly();
  }

  addKeys(): never {
    return readOnly();
  }
}

function readOnly(): never {
  throw new WorldStateError(WorldStateErrorCode.READ_ONLY, "a view of a past state is read-only: fork it to write");
}

function add(versions: Map<number, Version[]>, index: number, version: Version): void {
  const list = versions.get(index);
  if (list === undefined) versions.set(index, [version]);
  else list.push(version);
}

function remove(versions: Map<number, Version[]>, index: number, block: number): void {
  const rest = versions.get(index)?.filter(version => version.block !== block) ?? [];
  if (rest.length === 0) versions.delete(index);
  else versions.set(index, rest);
}

function lastAt(versions: readonly Version[] | undefined, block: number): Uint8Array | undefined {
  return versions?.findLast(version => version.block <= block)?.bytes;
}

function entriesOf(packed: Uint8Array): Uint8Array[] {
  return Array.from({ length: packed.length / KEY_ENTRY_BYTES }, (_, i) =>
    packed.subarray(i * KEY_ENTRY_BYTES, (i + 1) * KEY_ENTRY_BYTES),
  );
}

/** The key before `key`; key 0, the genesis leaf's, is on disk always and never asked for. */
function predecessor(key: Uint8Array): Uint8Array {
  const out = key.slice();
  for (let i = 31; i >= 0; i--) {
    const byte = out[i] as number;
    out[i] = (byte + 255) % 256;
    if (byte !== 0) break;
  }
  return out;
}
