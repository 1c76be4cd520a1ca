import { compare32 } from "./fields-packed.js";
import { KEY_ENTRY_BYTES, type KeyEntry } from "./node-store.js";

/** A bucket: packed key entries, ascending by key. These functions neither change nor keep what they are given. */

/** Position of the first entry whose key is > `key`, in entries. */
function upperBound(bucket: Uint8Array, key: Uint8Array): number {
  let low = 0;
  let high = bucket.length / KEY_ENTRY_BYTES;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare32(bucket, middle * KEY_ENTRY_BYTES, key, 0) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function entryAt(bucket: Uint8Array, position: number): KeyEntry {
  const offset = position * KEY_ENTRY_BYTES;
  return {
    key: bucket.slice(offset, offset + 32),
    index: new DataView(bucket.buffer, bucket.byteOffset).getUint32(offset + 32),
  };
}

/** The entry with the greatest key ≤ `key`. */
export function floorInBucket(bucket: Uint8Array, key: Uint8Array): KeyEntry | undefined {
  const position = upperBound(bucket, key);
  return position === 0 ? undefined : entryAt(bucket, position - 1);
}

/** A new bucket with both; on equal keys `second` wins. */
export function mergeBuckets(first: Uint8Array, second: Uint8Array): Uint8Array {
  const out = new Uint8Array(first.length + second.length);
  let written = 0;
  let from = 0;
  for (let next = 0; next < second.length; next += KEY_ENTRY_BYTES) {
    const until = upperBound(first, second.subarray(next, next + 32)) * KEY_ENTRY_BYTES;
    const replaces = until > from && compare32(first, until - KEY_ENTRY_BYTES, second, next) === 0;
    const kept = first.subarray(from, replaces ? until - KEY_ENTRY_BYTES : until);
    out.set(kept, written);
    out.set(second.subarray(next, next + KEY_ENTRY_BYTES), written + kept.length);
    written += kept.length + KEY_ENTRY_BYTES;
    from = until;
  }
  out.set(first.subarray(from), written);
  return out.subarray(0, written + first.length - from);
}

/** One entry, packed. */
// oxlint-disable-next-line max-params -- called for every key: no object for each
export function packKeyEntry(target: Uint8Array, position: number, key: Uint8Array, index: number): void {
  const offset = position * KEY_ENTRY_BYTES;
  target.set(key, offset);
  new DataView(target.buffer, target.byteOffset).setUint32(offset + 32, index);
}
