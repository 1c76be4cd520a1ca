import { BITMAP_PAGE_BYTES, BucketBitmap } from "./bucket-bitmap.js";
import { isZero32 } from "./fields-packed.js";
import { KeyIndex } from "./key-index.js";
import { KvRecords, RecordKind } from "./kv-records.js";
import type { KeyEntry, NodeStore } from "./node-store.js";
import type { PutBatch, SyncKv } from "./sync-kv.js";
import { applyChanges, type TreeChanges } from "./tree-changes.js";
import { TreeError, TreeErrorCode } from "./tree-error.js";

/** A page holds a subtree of this many levels without its root: 16 + 8 + 4 + 2 nodes. */
const PAGE_LEVELS = 4;
const PAGE_BYTES = 32 * (2 ** (PAGE_LEVELS + 1) - 2);
/**
 * 2^20 buckets: one key each at a million, a hundred at a hundred million (3.6 KB). The bitmap takes 128 KiB at most.
 */
const BUCKET_BITS = 20;

/** Where in the database the tree lies, and how much of it is kept in memory. */
export interface KvNodeStoreSettings {
  /** In front of every key: one a tree, none the beginning of another. */
  readonly prefix: Uint8Array;
  /** Records cached for reading, at most 960 bytes each except for buckets of a huge tree; 8,192 by default. */
  readonly cachedRecords?: number;
}

/**
 * A tree in a key-value store. It must be the only writer below its prefix. Writes wait in memory until {@link
 * takePuts} hands them out; what was handed out stays readable.
 * Nodes lie in pages, so that an append of 1,024 leaves puts about 80 records and a path reads a page for every four
 * levels.
 */
export class KvNodeStore implements NodeStore {
  private readonly records: KvRecords;
  private readonly keys: KeyIndex;
  private readonly bitmap: BucketBitmap;
  private count: number;

  constructor(
    dependencies: { readonly kv: SyncKv },
    private readonly settings: KvNodeStoreSettings,
  ) {
    const records = new KvRecords(dependencies.kv, {
      prefix: settings.prefix,
      cachedRecords: settings.cachedRecords ?? 8192,
    });
    this.records = records;
    const stored = read(records, { kind: RecordKind.LEAF_COUNT, level: 0, number: 0 }, 8);
    if (stored === undefined && records.read(RecordKind.NODE_PAGE, 0, 0) !== undefined) {
      throw new TreeError(
        TreeErrorCode.CORRUPT_STORE,
        "the tree has nodes but its leaf count is lost: restore the database from a snapshot or sync again",
        {},
      );
    }
    this.count = stored === undefined ? 0 : Number(new DataView(stored.buffer, stored.byteOffset).getBigUint64(0));
    this.bitmap = new BucketBitmap(BUCKET_BITS, page =>
      read(records, { kind: RecordKind.BITMAP_PAGE, level: 0, number: page }, BITMAP_PAGE_BYTES),
    );
    this.keys = new KeyIndex(
      {
        readBucket: bucket => records.read(RecordKind.BUCKET, 0, bucket),
        writeBucket: (bucket, entries) => records.write(RecordKind.BUCKET, 0, bucket, entries),
      },
      this.bitmap,
      { bits: BUCKET_BITS, onMark: (page, bytes) => records.write(RecordKind.BITMAP_PAGE, 0, page, bytes) },
    );
  }

  /** Everything written since the last call, to be written to the database in one batch. */
  takePuts(): PutBatch {
    return this.records.takePuts();
  }

  /**
   * The puts that bring the database from what this store shows to `changes` over it, in order. The store itself moves
   * when `done` is called, once they can be read from the database; if it never is, nothing has moved.
   */
  stage(changes: readonly TreeChanges[]): PutBatch {
    const { prefix } = this.settings;
    const staged = new KvNodeStore({ kv: { get: key => this.records.get(key) } }, { prefix, cachedRecords: 1 });
    for (const change of changes) applyChanges(staged, change);
    const { puts } = staged.takePuts();
    return { puts, done: () => this.adopt(puts, staged.count) };
  }

  private adopt(puts: PutBatch["puts"], count: number): void {
    for (const { key, value } of puts) {
      const { kind, number } = this.records.placeOf(key);
      this.records.learn(key, value);
      if (kind === RecordKind.BITMAP_PAGE) this.bitmap.replace(number, value);
    }
    this.count = count;
  }

  leafCount(): number {
    return this.count;
  }

  setLeafCount(count: number): void {
    if (count === this.count) return;
    this.count = count;
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(count));
    this.records.write(RecordKind.LEAF_COUNT, 0, 0, bytes);
  }

  // oxlint-disable-next-line max-params -- called for every node: no object for each
  readNode(level: number, index: number, target: Uint8Array, offset: number): boolean {
    const width = widthOf(level);
    const page = this.page(baseOf(level), Math.floor(index / width));
    if (page === undefined) return false;
    const at = offsetOf(width) + 32 * (index % width);
    if (isZero32(page, at)) return false;
    for (let i = 0; i < 32; i++) target[offset + i] = page[at + i] as number;
    return true;
  }

  writeNodes(level: number, index: number, nodes: Uint8Array): void {
    const base = baseOf(level);
    const width = widthOf(level);
    let at = index;
    for (let from = 0; from < nodes.length;) {
      const first = at % width;
      const length = Math.min(nodes.length - from, 32 * (width - first));
      this.draftPage(base, Math.floor(at / width)).set(
        nodes.subarray(from, from + length),
        offsetOf(width) + 32 * first,
      );
      from += length;
      at += length / 32;
    }
  }

  readPreimage(index: number): Uint8Array | undefined {
    return this.records.read(RecordKind.PREIMAGE, 0, index);
  }

  writePreimage(index: number, preimage: Uint8Array): void {
    this.records.write(RecordKind.PREIMAGE, 0, index, preimage.slice());
  }

  floorKey(key: Uint8Array): KeyEntry | undefined {
    return this.keys.floor(key);
  }

  addKeys(entries: Uint8Array): void {
    this.keys.add(entries);
  }

  private page(base: number, number: number): Uint8Array | undefined {
    return read(this.records, { kind: RecordKind.NODE_PAGE, level: base, number }, PAGE_BYTES);
  }

  private draftPage(base: number, number: number): Uint8Array {
    const draft = this.records.draft(RecordKind.NODE_PAGE, base, number);
    if (draft !== undefined) return draft;
    const page = this.page(base, number)?.slice() ?? new Uint8Array(PAGE_BYTES);
    this.records.write(RecordKind.NODE_PAGE, base, number, page);
    return page;
  }
}

/** Lowest level of the page that holds `level`. */
function baseOf(level: number): number {
  return level - (level % PAGE_LEVELS);
}

/** Nodes of `level` in one page: 16, 8, 4, 2 from the lowest level up. */
function widthOf(level: number): number {
  return 2 ** (PAGE_LEVELS - (level % PAGE_LEVELS));
}

/** Where the nodes of a level begin in their page. */
function offsetOf(width: number): number {
  return 32 * 2 * (2 ** PAGE_LEVELS - width);
}

/** A record that must have this length, if it exists. */
function read(
  records: KvRecords,
  { kind, level, number }: { readonly kind: RecordKind; readonly level: number; readonly number: number },
  length: number,
): Uint8Array | undefined {
  const bytes = records.read(kind, level, number);
  if (bytes === undefined || bytes.length === length) return bytes;
  throw new TreeError(
    TreeErrorCode.CORRUPT_STORE,
    `a record of a tree (kind ${kind}, level ${level}, number ${number}) has ${bytes.length} bytes instead of ` +
      `${length}: restore the database from a snapshot or sync again`,
    { kind, level, number, length: bytes.length },
  );
}
