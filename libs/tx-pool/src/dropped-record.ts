import { bytesToUint, concatBytes, type Field, fieldToBytes, uintToBytes } from "@sprtn/primitives";

/** Why a transaction left the pool, and which drop it was since the store is new: the oldest are forgotten first. */
export interface DroppedRecord {
  readonly sequence: number;
  readonly code: string;
}

/** The pool's part of its store that holds hashes in the order in which they were dropped. */
export const DROP_ORDER = { gte: Uint8Array.of(3), lt: Uint8Array.of(4) } as const;
const DROPPED_PREFIX = Uint8Array.of(2);

export function droppedKey(hash: Field): Uint8Array {
  return concatBytes(DROPPED_PREFIX, fieldToBytes(hash));
}

export function dropOrderKey(sequence: number): Uint8Array {
  return concatBytes(DROP_ORDER.gte, uintToBytes(sequence, 8));
}

export function sequenceOf(key: Uint8Array): number {
  return Number(bytesToUint(key.subarray(DROP_ORDER.gte.length)));
}

/** `u64(sequence) ‖ utf8(code)`. */
export function encodeDropped({ sequence, code }: DroppedRecord): Uint8Array {
  return concatBytes(uintToBytes(sequence, 8), new TextEncoder().encode(code));
}

export function decodeDropped(bytes: Uint8Array): DroppedRecord {
  return { sequence: Number(bytesToUint(bytes.subarray(0, 8))), code: new TextDecoder().decode(bytes.subarray(8)) };
}
