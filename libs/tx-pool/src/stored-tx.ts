import {
  bytesToUint,
  concatBytes,
  equalBytes,
  type Field,
  fieldToBytes,
  type FieldHasher,
  messageOf,
  sha256ToField,
  uintToBytes,
} from "@sprtn/primitives";
import { decodeTx, encodeTx, type Tx } from "@sprtn/protocol";
import { TxPoolError, TxPoolErrorCode } from "./tx-pool-error.js";

/** A transaction as the pool keeps it on disk. */
export interface StoredTx {
  readonly tx: Tx;
  readonly arrival: number;
}

const VERSION = 1;
const CHECKSUM_END = 1 + 32;
const HEAD_BYTES = CHECKSUM_END + 8;

export function storedTxKey(hash: Field): Uint8Array {
  return concatBytes(STORED_TXS.gte, fieldToBytes(hash));
}

/** The pool's part of its store; key 0… is the schema record's. */
export const STORED_TXS = { gte: Uint8Array.of(1), lt: Uint8Array.of(2) } as const;

/** `u8(1) ‖ S(rest) ‖ u64(arrival) ‖ wire form`. The checksum covers the proof, which the hash leaves out. */
export function encodeStoredTx(stored: StoredTx): Uint8Array {
  const rest = concatBytes(uintToBytes(stored.arrival, 8), encodeTx(stored.tx));
  return concatBytes(Uint8Array.of(VERSION), fieldToBytes(sha256ToField(rest)), rest);
}

/** @throws TxPoolError BAD_RECORD */
export function decodeStoredTx(hasher: FieldHasher, key: Uint8Array, value: Uint8Array): StoredTx {
  if (value[0] !== VERSION || value.length < HEAD_BYTES)
    throw bad(`it has version ${value[0]} and ${value.length} bytes`);
  if (!equalBytes(value.subarray(1, CHECKSUM_END), fieldToBytes(sha256ToField(value.subarray(CHECKSUM_END)))))
    throw bad("its checksum is wrong");
  const tx = (() => {
    try {
      return decodeTx(hasher, Uint8Array.from(value.subarray(HEAD_BYTES)));
    } catch (error) {
      throw bad(messageOf(error), error);
    }
  })();
  if (!equalBytes(key, storedTxKey(tx.hash))) throw bad("its key is another transaction's hash");
  return { tx, arrival: Number(bytesToUint(value.subarray(CHECKSUM_END, HEAD_BYTES))) };
}

function bad(what: string, cause?: unknown): TxPoolError {
  return new TxPoolError(
    TxPoolErrorCode.BAD_RECORD,
    `not a stored transaction: ${what}; it is skipped; delete the pool's store if this happens again`,
    { what },
    { cause },
  );
}
