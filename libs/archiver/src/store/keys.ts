import {
  type BlockNumber,
  concatBytes,
  type Field,
  fieldToBytes,
  type L1BlockNumber,
  uintToBytes,
} from "@sprtn/primitives";

/** First byte of every key: what the record is. Numbers are never used again for something else. */
export enum Bucket {
  FORMAT = 1,
  CHAIN = 2,
  CURSOR = 3,
  BLOCK = 4,
  TX = 5,
  SUBTREE = 6,
  MESSAGE = 7,
  L1_BLOCK = 8,
}

function key(bucket: Bucket, ...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(Uint8Array.of(bucket), ...parts);
}

/** The deployment and the version of the records. */
export const FORMAT_KEY = key(Bucket.FORMAT);
export const CHAIN_KEY = key(Bucket.CHAIN);
export const CURSOR_KEY = key(Bucket.CURSOR);

export function blockKey(number: BlockNumber): Uint8Array {
  return key(Bucket.BLOCK, uintToBytes(number, 4));
}

export function blockNumberOf(blockKeyBytes: Uint8Array): BlockNumber {
  return new DataView(blockKeyBytes.buffer, blockKeyBytes.byteOffset).getUint32(1) as BlockNumber;
}

export function txKey(hash: Field): Uint8Array {
  return key(Bucket.TX, fieldToBytes(hash));
}

/** The messages that a block consumes. */
export function subtreeKey(block: number): Uint8Array {
  return key(Bucket.SUBTREE, uintToBytes(block, 4));
}

export function messageKey(hash: Field): Uint8Array {
  return key(Bucket.MESSAGE, fieldToBytes(hash));
}

export function l1BlockKey(number: L1BlockNumber): Uint8Array {
  return key(Bucket.L1_BLOCK, uintToBytes(number, 8));
}

/** Every key of a bucket. */
export function bucketRange(bucket: Bucket): { readonly gte: Uint8Array; readonly lt: Uint8Array } {
  return { gte: Uint8Array.of(bucket), lt: Uint8Array.of(bucket + 1) };
}
