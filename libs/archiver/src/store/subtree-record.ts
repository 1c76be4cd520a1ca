import { concatBytes, type Field, fieldToBytes } from "@sprtn/primitives";
import { RecordReader } from "./record-reader.js";

/** The message hashes of one subtree, in order, 32 bytes each. */
export function encodeSubtree(messages: readonly Field[]): Uint8Array {
  return concatBytes(...messages.map(fieldToBytes));
}

export function decodeSubtree(bytes: Uint8Array | undefined): readonly Field[] {
  if (bytes === undefined) return [];
  const reader = new RecordReader(bytes, "message subtree");
  const messages: Field[] = [];
  while (!reader.ended) messages.push(reader.field());
  return messages;
}
