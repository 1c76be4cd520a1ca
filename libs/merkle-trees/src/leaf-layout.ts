import { type Field, type FieldHasher, uintToBytes } from "@sprtn/primitives";

/**
 * What the leaves of an indexed tree hold: key, [value], index of the leaf with the next greater key, that key; 0, 0
 * where there is none.
 */
export interface LeafLayoutSettings {
  /** Domain separator: first input of every leaf hash. */
  readonly separator: bigint;
  readonly hasValue: boolean;
}

/**
 * Packed preimages: key (32 bytes) ‖ value (32, if any) ‖ next index (u32) ‖ next key (32), and how they are hashed.
 */
export class LeafLayout {
  /** Bytes of what is inserted: key [‖ value]. */
  readonly entryBytes: number;
  readonly preimageBytes: number;
  private readonly separator: Uint8Array;

  constructor(settings: LeafLayoutSettings) {
    this.entryBytes = settings.hasValue ? 64 : 32;
    this.preimageBytes = this.entryBytes + 36;
    this.separator = uintToBytes(settings.separator, 32);
  }

  key(preimage: Uint8Array): Uint8Array {
    return preimage.subarray(0, 32);
  }

  nextIndex(preimage: Uint8Array): number {
    return new DataView(preimage.buffer, preimage.byteOffset).getUint32(this.entryBytes);
  }

  nextKey(preimage: Uint8Array): Uint8Array {
    return preimage.subarray(this.entryBytes + 4, this.entryBytes + 36);
  }

  /** A new leaf between `low` and its successor; `low` (changed in place) then points to it. */
  link(low: Uint8Array, entry: Uint8Array, index: number): Uint8Array {
    const added = new Uint8Array(this.preimageBytes);
    added.set(entry);
    added.set(low.subarray(this.entryBytes), this.entryBytes);
    new DataView(low.buffer, low.byteOffset).setUint32(this.entryBytes, index);
    low.set(entry.subarray(0, 32), this.entryBytes + 4);
    return added;
  }

  /** Leaf hashes, 32 bytes each: `H(separator, key, [value,] nextIndex, nextKey)`. */
  hash(hasher: FieldHasher, preimages: readonly Uint8Array[]): Uint8Array {
    const width = this.entryBytes / 32 + 3;
    const rows = new Uint8Array(preimages.length * width * 32);
    preimages.forEach((preimage, i) => {
      const at = 32 * width * i;
      rows.set(this.separator, at);
      rows.set(preimage.subarray(0, this.entryBytes), at + 32);
      rows.set(preimage.subarray(this.entryBytes, this.entryBytes + 4), at + 32 + this.entryBytes + 28);
      rows.set(this.nextKey(preimage), at + 64 + this.entryBytes);
    });
    return hasher.hashRows(rows, width);
  }
}

/** A field from 32 bytes that are known to be one. */
export function fieldAt(bytes: Uint8Array, offset: number): Field {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return ((view.getBigUint64(offset) << 192n) |
    (view.getBigUint64(offset + 8) << 128n) |
    (view.getBigUint64(offset + 16) << 64n) |
    view.getBigUint64(offset + 24)) as Field;
}
