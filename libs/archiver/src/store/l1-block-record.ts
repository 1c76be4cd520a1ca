import { type Bytes32, concatBytes, fromHex, uintToBytes } from "@sprtn/primitives";
import { RecordReader } from "./record-reader.js";

/** What a key held before an L1 block changed it; `undefined` for nothing. */
export interface BeforeImage {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** An L1 block that has been read, with all that is needed to take it back. */
export interface L1BlockRecord {
  readonly hash: Bytes32;
  /** None for a block that L1 had finalized when it was read. */
  readonly undo: readonly BeforeImage[];
}

const ABSENT = 0;
const PRESENT = 1;

/** hash ‖ for each image: key length (2) ‖ key ‖ 0, or 1 ‖ value length (4) ‖ value. */
export function encodeL1Block({ hash, undo }: L1BlockRecord): Uint8Array {
  return concatBytes(fromHex(hash), ...undo.flatMap(encodeImage));
}

function encodeImage({ key, value }: BeforeImage): Uint8Array[] {
  const was =
    value === undefined ? [Uint8Array.of(ABSENT)] : [Uint8Array.of(PRESENT), uintToBytes(value.length, 4), value];
  return [uintToBytes(key.length, 2), key, ...was];
}

/** @throws ArchiverError BAD_RECORD */
export function decodeL1Block(bytes: Uint8Array): L1BlockRecord {
  const reader = new RecordReader(bytes, "L1 block");
  const hash = reader.bytes32();
  const undo: BeforeImage[] = [];
  while (!reader.ended) {
    const key = reader.bytes(reader.number(2));
    undo.push({ key, value: reader.number(1) === PRESENT ? reader.bytes(reader.number(4)) : undefined });
  }
  return { hash, undo };
}
