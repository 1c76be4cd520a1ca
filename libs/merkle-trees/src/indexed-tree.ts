import { type Field, toHex } from "@sprtn/primitives";
import { AuditedNodeStore } from "./audited-node-store.js";
import { checkPacked, compare32, isZero32, packFields } from "./fields-packed.js";
import { LeafLayout, type LeafLayoutSettings } from "./leaf-layout.js";
import { MerkleTree, type TreeDependencies } from "./merkle-tree.js";
import { KEY_ENTRY_BYTES, type NodeStore } from "./node-store.js";
import { packKeyEntry } from "./key-bucket.js";
import { TreeError, TreeErrorCode } from "./tree-error.js";

/** A leaf with its position and siblings. */
export interface LeafWitness<Leaf> {
  readonly leaf: Leaf;
  readonly index: number;
  /** depth·32 bytes, from the leaf's sibling up. */
  readonly path: Uint8Array;
}

/** All that a circuit needs to follow one insertion. */
export interface InsertionWitness<Leaf> {
  readonly kind: "insert";
  /** The low leaf and its siblings before the insertion. */
  readonly low: LeafWitness<Leaf>;
  readonly newIndex: number;
  /** Siblings of the new leaf once the low leaf points to it. */
  readonly newPath: Uint8Array;
}

/** Siblings do not change when their leaf does: one path serves before and after. */
export interface UpdateWitness<Leaf> {
  readonly kind: "update";
  /** The leaf before the update. */
  readonly before: LeafWitness<Leaf>;
}

interface Located {
  readonly index: number;
  readonly preimage: Uint8Array;
  /** Whether the leaf holds the key itself, and not a smaller one. */
  readonly exact: boolean;
}

interface Entry {
  bytes: Uint8Array;
  readonly order: number;
  readonly located: Located;
}

/**
 * A sorted linked list in a Merkle tree: absence is shown by the low leaf, the one with the greatest key below. Leaf 0
 * is the genesis leaf, all zero; an empty store gets it at once.
 * Entries are packed: key [‖ value], 32 bytes each. What throws has written nothing.
 */
export abstract class IndexedTree<Leaf> extends MerkleTree {
  protected readonly layout: LeafLayout;

  constructor(
    dependencies: TreeDependencies,
    settings: { readonly depth: number; readonly layout: LeafLayoutSettings },
  ) {
    super(dependencies, settings.depth);
    this.layout = new LeafLayout(settings.layout);
    if (this.leafCount === 0) {
      this.writePreimages(new Map([[0, new Uint8Array(this.layout.preimageBytes)]]));
      this.store.addKeys(new Uint8Array(KEY_ENTRY_BYTES));
    }
  }

  override audited(): NodeStore {
    return new AuditedNodeStore(this, { depth: this.depth, zeros: this.zeros, layout: this.layout });
  }

  protected abstract decode(preimage: Uint8Array): Leaf;

  leaf(index: number): Leaf {
    return this.decode(this.preimage(index));
  }

  has(key: Field): boolean {
    return this.locate(packFields([key])).exact;
  }

  /** The index of the leaf with this key. */
  indexOf(key: Field): number | undefined {
    const { exact, index } = this.locate(packFields([key]));
    return exact ? index : undefined;
  }

  /** The leaf with the greatest key ≤ `key`: proves that the key exists, or that it does not. */
  witness(key: Field): LeafWitness<Leaf> {
    const { index, preimage } = this.locate(packFields([key]));
    return { leaf: this.decode(preimage), index, path: this.path(index) };
  }

  /**
   * Inserts or (if `updates`) changes leaves all at once: the same tree as one after the other, each changed node
   * hashed once.
   */
  protected writeBatch(entries: Uint8Array, updates: boolean): void {
    const { layout } = this;
    const sorted = this.checkEntries(entries, updates);
    const added = sorted.filter(entry => !entry.located.exact);
    const newIndex = new Map(
      added
        .map(entry => entry.order)
        .toSorted((a, b) => a - b)
        .map((order, i) => [order, this.leafCount + i]),
    );
    const changed = new Map<number, Uint8Array>();
    const keys = new Uint8Array(added.length * KEY_ENTRY_BYTES);
    let keyCount = 0;
    let previous: Uint8Array | undefined;
    for (const entry of sorted) {
      const { exact, index, preimage } = entry.located;
      let low = changed.get(index);
      if (low === undefined) changed.set(index, (low = preimage.slice()));
      if (exact) {
        low.set(entry.bytes);
        continue;
      }
      if (previous !== undefined && compare32(previous, 0, low, 0) > 0) low = previous;
      const at = newIndex.get(entry.order) as number;
      changed.set(at, (previous = layout.link(low, entry.bytes, at)));
      packKeyEntry(keys, keyCount++, layout.key(entry.bytes), at);
    }
    this.writePreimages(changed);
    if (keyCount > 0) this.store.addKeys(keys);
  }

  /** As {@link writeBatch}, one after the other, with what a prover needs for each. */
  protected writeSequentially(entries: Uint8Array, updates: boolean): (InsertionWitness<Leaf> | UpdateWitness<Leaf>)[] {
    const { entryBytes } = this.layout;
    const added = this.checkEntries(entries, updates).filter(entry => !entry.located.exact).length;
    if (entries.length === 0) return [];
    // No witness holds a node above this height, so those are hashed once, in the end.
    const height = this.heightOf(this.leafCount + added);
    const witnesses: (InsertionWitness<Leaf> | UpdateWitness<Leaf>)[] = [];
    for (let at = 0; at < entries.length; at += entryBytes)
      witnesses.push(this.writeOne(entries.subarray(at, at + entryBytes), height));
    this.hashSpine(height);
    return witnesses;
  }

  private writeOne(entry: Uint8Array, height: number): InsertionWitness<Leaf> | UpdateWitness<Leaf> {
    const key = this.layout.key(entry);
    const { index, preimage, exact } = this.locate(key);
    const before = { leaf: this.decode(preimage), index, path: this.path(index) };
    const changed = preimage.slice();
    if (exact) {
      changed.set(entry);
      this.writePreimages(new Map([[index, changed]]), height);
      return { kind: "update", before };
    }
    const newIndex = this.leafCount;
    const added = this.layout.link(changed, entry, newIndex);
    this.writePreimages(
      new Map([
        [index, changed],
        [newIndex, added],
      ]),
      height,
    );
    const keys = new Uint8Array(KEY_ENTRY_BYTES);
    packKeyEntry(keys, 0, key, newIndex);
    this.store.addKeys(keys);
    return { kind: "insert", low: before, newIndex, newPath: this.path(newIndex) };
  }

  /**
   * The last entry of each key, ascending by key; `order` is where the key occurred first. Throws what makes the batch
   * impossible.
   */
  private checkEntries(entries: Uint8Array, updates: boolean): Entry[] {
    const { entryBytes } = this.layout;
    checkPacked(entries, entryBytes);
    const all = Array.from({ length: entries.length / entryBytes }, (_, order) => ({
      bytes: entries.subarray(order * entryBytes, (order + 1) * entryBytes),
      order,
    }));
    all.sort((a, b) => compare32(a.bytes, 0, b.bytes, 0) || a.order - b.order);
    const distinct: Entry[] = [];
    for (const { bytes, order } of all) {
      if (isZero32(bytes, 0))
        throw new TreeError(
          TreeErrorCode.KEY_ZERO,
          `entry ${order} has key 0, which belongs to the genesis leaf: remove the entry`,
          { entry: order },
        );
      const last = distinct[distinct.length - 1];
      const repeated = last !== undefined && compare32(last.bytes, 0, bytes, 0) === 0;
      const located = repeated ? last.located : this.locate(this.layout.key(bytes));
      if (!updates && (repeated || located.exact)) {
        throw new TreeError(
          TreeErrorCode.DUPLICATE_KEY,
          `entry ${order} has a key that is already in the tree or in the batch: a key cannot be inserted twice`,
          { entry: order, key: toHex(this.layout.key(bytes)) },
        );
      }
      if (repeated) last.bytes = bytes;
      else distinct.push({ bytes, order, located });
    }
    this.checkRoom(distinct.reduce((sum, entry) => sum + (entry.located.exact ? 0 : 1), 0));
    return distinct;
  }

  private locate(key: Uint8Array): Located {
    const found = this.store.floorKey(key);
    if (found === undefined) throw corrupt("the key index lacks the genesis key", { leafCount: this.leafCount });
    const preimage = this.preimage(found.index);
    if (compare32(preimage, 0, found.key, 0) !== 0)
      throw corrupt(`leaf ${found.index} does not hold the key by which it was found`, { index: found.index });
    // The list itself shows whether the key index has forgotten a key: without this a nullifier might be spent twice.
    const next = this.layout.nextKey(preimage);
    if (!isZero32(next, 0) && compare32(next, 0, key, 0) <= 0)
      throw corrupt(`the key index lacks the key of leaf ${this.layout.nextIndex(preimage)}`, { index: found.index });
    return { index: found.index, preimage, exact: compare32(found.key, 0, key, 0) === 0 };
  }

  private preimage(index: number): Uint8Array {
    if (!Number.isInteger(index) || index < 0 || index >= this.leafCount)
      throw new TreeError(TreeErrorCode.OUT_OF_RANGE, `no leaf ${index} among ${this.leafCount}`, {
        index,
        leafCount: this.leafCount,
      });
    const preimage = this.store.readPreimage(index);
    if (preimage?.length !== this.layout.preimageBytes)
      throw corrupt(`the preimage of leaf ${index} is missing or cut off`, { index });
    return preimage;
  }

  private writePreimages(changed: ReadonlyMap<number, Uint8Array>, top = this.depth): void {
    const ordered = [...changed].toSorted(([a], [b]) => a - b);
    const leaves = this.layout.hash(
      this.hasher,
      ordered.map(([, preimage]) => preimage),
    );
    this.writeLeaves(
      ordered.map(([index]) => index),
      leaves,
      top,
    );
    for (const [index, preimage] of ordered) this.store.writePreimage(index, preimage);
  }
}

function corrupt(what: string, payload: Readonly<Record<string, string | number>>): TreeError {
  return new TreeError(
    TreeErrorCode.CORRUPT_STORE,
    `${what}: restore the database from a snapshot or sync again`,
    payload,
  );
}
