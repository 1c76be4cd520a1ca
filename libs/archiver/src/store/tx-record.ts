import { BlockNumber, concatBytes, uintToBytes } from "@sprtn/primitives";
import { RecordReader } from "./record-reader.js";

/** Where a transaction stands: its block, and its index therein. */
export interface TxRecord {
  readonly block: BlockNumber;
  readonly index: number;
}

export function encodeTxRecord({ block, index }: TxRecord): Uint8Array {
  return concatBytes(uintToBytes(block, 4), uintToBytes(index, 4));
}

export function decodeTxRecord(bytes: Uint8Array): TxRecord {
  const reader = new RecordReader(bytes, "transaction");
  return { block: BlockNumber(reader.number(4)), index: reader.number(4) };
}
