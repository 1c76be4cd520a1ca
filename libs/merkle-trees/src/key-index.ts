import type { BucketBitmap } from "./bucket-bitmap.js";
import { floorInBucket, mergeBuckets } from "./key-bucket.js";
import { KEY_ENTRY_BYTES, type KeyEntry } from "./node-store.js";
import { TreeError, TreeErrorCode } from "./tree-error.js";

/** Where the buckets of a key index live. */
export interface BucketStore {
  readBucket(bucket: number): Uint8Array | undefined;
  writeBucket(bucket: number, entries: Uint8Array): void;
}

/** The bucket of a key: its top `bits` bits, counted from bit 253, as a field is below 2^254. */
export function bucketOf(key: Uint8Array, offset: number, bits: number): number {
  const byte = (i: number): number => key[offset + i] as number;
  return (
    (((byte(0) << 26) | (byte(1) << 18) | (byte(2) << 10) | (byte(3) << 2) | (byte(4) >>> 6)) >>> 0) >>> (32 - bits)
  );
}

/** How many bits choose a bucket, and what is informed of changed pages of the bitmap. */
export interface KeyIndexSettings {
  readonly bits: number;
  readonly onMark?: (page: number, bytes: Uint8Array) => void;
}

/**
 * Predecessor search over keys that are hashes, hence uniform: sorted buckets by the top bits, and a bitmap to step
 * over empty ones.
 * One read a look-up, one read and one write for each bucket an insertion touches; in memory only the bitmap.
 */
export class KeyIndex {
  constructor(
    private readonly buckets: BucketStore,
    private readonly bitmap: BucketBitmap,
    private readonly settings: KeyIndexSettings,
  ) {}

  /** The greatest key ≤ `key`. */
  floor(key: Uint8Array): KeyEntry | undefined {
    const own = bucketOf(key, 0, this.settings.bits);
    for (let bucket = this.bitmap.floor(own); bucket >= 0; bucket = this.bitmap.floor(bucket - 1)) {
      const entries = this.buckets.readBucket(bucket);
      if (entries === undefined || entries.length === 0 || entries.length % KEY_ENTRY_BYTES !== 0) {
        throw new TreeError(
          TreeErrorCode.CORRUPT_STORE,
          `bucket ${bucket} of the key index is missing or cut off: restore the database from a snapshot or sync again`,
          { bucket, length: entries?.length ?? 0 },
        );
      }
      const found = floorInBucket(entries, key);
      if (found !== undefined) return found;
      if (bucket === 0) return undefined;
    }
    return undefined;
  }

  /** Adds packed entries, ascending by key: each bucket is read and written once. */
  add(entries: Uint8Array): void {
    for (let from = 0, to = 0; from < entries.length; from = to) {
      const bucket = bucketOf(entries, from, this.settings.bits);
      while (to < entries.length && bucketOf(entries, to, this.settings.bits) === bucket) to += KEY_ENTRY_BYTES;
      const added = entries.subarray(from, to);
      const before = this.buckets.readBucket(bucket);
      this.buckets.writeBucket(bucket, before === undefined ? added.slice() : mergeBuckets(before, added));
      const marked = this.bitmap.mark(bucket);
      if (marked !== undefined) this.settings.onMark?.(marked.page, marked.bytes);
    }
  }
}
