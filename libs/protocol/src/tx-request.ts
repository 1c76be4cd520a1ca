import { ByteListType, ListBasicType, ListCompositeType, UintBigintType } from "@chainsafe/ssz";
import { type Field, isField } from "@sprtn/primitives";
import { ProtocolError, ProtocolErrorCode } from "./protocol-error.js";
import { encodeTx, MAX_TX_BYTES, type Tx } from "./tx.js";

/** Hashes that one `txs` request may ask for, and transactions that its answer may hold. */
export const MAX_TX_REQUEST_HASHES = 128;

const RequestType = new ListBasicType(new UintBigintType(32), MAX_TX_REQUEST_HASHES);
const ResponseType = new ListCompositeType(new ByteListType(MAX_TX_BYTES), MAX_TX_REQUEST_HASHES);

/** Upper bound of an encoded `txs` request, bytes. */
export const MAX_TX_REQUEST_BYTES = RequestType.maxSize;
/** Upper bound of an encoded `txs` answer, bytes. */
export const MAX_TX_RESPONSE_BYTES = ResponseType.maxSize;
/** What one transaction adds to an answer besides its own bytes. */
export const TX_RESPONSE_OFFSET_BYTES = 4;

/** @throws ProtocolError BAD_MESSAGE for more than MAX_TX_REQUEST_HASHES */
export function encodeTxRequest(hashes: readonly Field[]): Uint8Array {
  if (hashes.length > MAX_TX_REQUEST_HASHES)
    throw bad(`${hashes.length} hashes: ask for ${MAX_TX_REQUEST_HASHES} at most`);
  return RequestType.serialize([...hashes]);
}

/** @throws ProtocolError BAD_MESSAGE for no hashes, too many, repeated ones, a value that is not a field */
export function decodeTxRequest(bytes: Uint8Array): Field[] {
  if (bytes.length === 0 || bytes.length > MAX_TX_REQUEST_BYTES)
    throw bad(`${bytes.length} bytes, 1 to ${MAX_TX_REQUEST_BYTES} expected`);
  const hashes = decoded("a request for transactions", () => RequestType.deserialize(bytes)).map(value => {
    if (!isField(value)) throw bad("a hash is not a field");
    return value;
  });
  if (new Set(hashes).size !== hashes.length) throw bad("a hash is asked for twice");
  return hashes;
}

/** @throws ProtocolError BAD_MESSAGE for more than MAX_TX_REQUEST_HASHES */
export function encodeTxResponse(txs: readonly Tx[]): Uint8Array {
  if (txs.length > MAX_TX_REQUEST_HASHES)
    throw bad(`${txs.length} transactions: answer with ${MAX_TX_REQUEST_HASHES} at most`);
  return ResponseType.serialize(txs.map(encodeTx));
}

/**
 * Each transaction's wire form, not yet decoded: one bad one does not spoil the others.
 * @throws ProtocolError BAD_MESSAGE
 */
export function decodeTxResponse(bytes: Uint8Array): Uint8Array[] {
  if (bytes.length > MAX_TX_RESPONSE_BYTES) throw bad(`${bytes.length} bytes, at most ${MAX_TX_RESPONSE_BYTES}`);
  return decoded("an answer with transactions", () => ResponseType.deserialize(bytes));
}

function decoded<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw bad(`its bytes are not an encoding of ${what}`, error);
  }
}

function bad(what: string, cause?: unknown): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.BAD_MESSAGE, `not a txs message: ${what}`, { what }, { cause });
}
