import { concatBytes } from "@sprtn/primitives";
import type { KvRange } from "@sprtn/ports";
import { StorageError, StorageErrorCode } from "./storage-error.js";

/** Bucket of the database's own record; the others, 1 to 255, are for repositories. */
export const RESERVED_BUCKET = 0;

/** A part of a store: the keys that begin with one byte. */
export class Bucket {
  readonly number: number;
  readonly #prefix: Uint8Array;

  /** @throws BAD_BUCKET */
  constructor(number: number) {
    if (!Number.isInteger(number) || number < 0 || number > 255)
      throw new StorageError(
        StorageErrorCode.BAD_BUCKET,
        `${number} is not a bucket: give a whole number from 1 to 255`,
        { bucket: number },
      );
    this.number = number;
    this.#prefix = Uint8Array.of(number);
  }

  /** The store's key for `key` of this bucket. */
  key(key: Uint8Array): Uint8Array {
    return concatBytes(this.#prefix, key);
  }

  /** The bucket's key for a key of the store. */
  strip(storeKey: Uint8Array): Uint8Array {
    return storeKey.subarray(1);
  }

  /** The store's range for a range of this bucket. */
  range({ gte, lt, ...rest }: KvRange): KvRange {
    const end = lt ? this.key(lt) : this.number < 255 ? Uint8Array.of(this.number + 1) : undefined;
    return { ...rest, gte: gte ? this.key(gte) : this.#prefix, ...(end && { lt: end }) };
  }
}
