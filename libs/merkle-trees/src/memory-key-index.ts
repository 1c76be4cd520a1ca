import { BucketBitmap } from "./bucket-bitmap.js";
import { KeyIndex } from "./key-index.js";
import type { KeyEntry } from "./node-store.js";

/** 2^16 buckets: about 20 keys each at a million. */
const BITS = 16;

/** A key index in memory. */
export class MemoryKeyIndex {
  private readonly buckets = new Map<number, Uint8Array>();
  private readonly index: KeyIndex;

  constructor() {
    const { buckets } = this;
    this.index = new KeyIndex(
      {
        readBucket: bucket => buckets.get(bucket),
        writeBucket: (bucket, entries) => void buckets.set(bucket, entries),
      },
      new BucketBitmap(BITS),
      { bits: BITS },
    );
  }

  floor(key: Uint8Array): KeyEntry | undefined {
    return this.buckets.size === 0 ? undefined : this.index.floor(key);
  }

  add(entries: Uint8Array): void {
    this.index.add(entries);
  }

  /** All entries, packed, ascending. */
  entries(): Uint8Array {
    const ordered = [...this.buckets].toSorted(([a], [b]) => a - b);
    const out = new Uint8Array(ordered.reduce((sum, [, entries]) => sum + entries.length, 0));
    let offset = 0;
    for (const [, entries] of ordered) {
      out.set(entries, offset);
      offset += entries.length;
    }
    return out;
  }
}
