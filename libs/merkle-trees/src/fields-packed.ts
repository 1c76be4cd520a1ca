import { type Field, FIELD_MODULUS, fieldFromBytes, uintToBytes } from "@sprtn/primitives";
import { TreeError, TreeErrorCode } from "./tree-error.js";

const modulus = uintToBytes(FIELD_MODULUS, 32);
const LOW_64 = (1n << 64n) - 1n;

/** Fields as 32 big-endian bytes each, one after the other: how the trees take and store them. */
export function packFields(fields: readonly Field[]): Uint8Array {
  const out = new Uint8Array(32 * fields.length);
  const view = new DataView(out.buffer);
  fields.forEach((field, i) => {
    view.setBigUint64(32 * i, field >> 192n);
    view.setBigUint64(32 * i + 8, (field >> 128n) & LOW_64);
    view.setBigUint64(32 * i + 16, (field >> 64n) & LOW_64);
    view.setBigUint64(32 * i + 24, field & LOW_64);
  });
  return out;
}

/** The reverse of {@link packFields}. @throws TreeError BAD_LENGTH, NOT_A_FIELD */
export function unpackFields(packed: Uint8Array): Field[] {
  checkPacked(packed, 32);
  return Array.from({ length: packed.length / 32 }, (_, i) => fieldFromBytes(packed.subarray(32 * i, 32 * i + 32)));
}

/** Compares two 32-byte big-endian integers: < 0, 0, > 0. */
// oxlint-disable-next-line max-params -- called for every comparison of a search: no object for each
export function compare32(a: Uint8Array, aOffset: number, b: Uint8Array, bOffset: number): number {
  for (let i = 0; i < 32; i++) {
    const difference = (a[aOffset + i] as number) - (b[bOffset + i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function isZero32(bytes: Uint8Array, offset: number): boolean {
  for (let i = offset; i < offset + 32; i++) if (bytes[i] !== 0) return false;
  return true;
}

/**
 * @throws BAD_LENGTH unless `packed` holds whole entries of `entryBytes`, NOT_A_FIELD if one of its 32-byte words is
 * not a field
 */
export function checkPacked(packed: Uint8Array, entryBytes: number): void {
  if (packed.length % entryBytes !== 0) {
    throw new TreeError(
      TreeErrorCode.BAD_LENGTH,
      `${packed.length} bytes are not a list of entries: give a multiple of ${entryBytes} bytes`,
      { length: packed.length, entryBytes },
    );
  }
  for (let offset = 0; offset < packed.length; offset += 32) {
    if ((packed[offset] as number) >= (modulus[0] as number) && compare32(packed, offset, modulus, 0) >= 0) {
      throw new TreeError(
        TreeErrorCode.NOT_A_FIELD,
        `entry ${Math.floor(offset / entryBytes)} is not below the field modulus: reduce it before it enters a tree`,
        { entry: Math.floor(offset / entryBytes) },
      );
    }
  }
}

/** Orders packed entries, or keys, by their first 32 bytes. */
export function compareKeys(a: Uint8Array, b: Uint8Array): number {
  return compare32(a, 0, b, 0);
}
