import { concatBytes, type Field, sha256ToField, uintToBytes, ZERO_FIELD } from "@sprtn/primitives";
import { NO_ENCRYPTED_NOTES, NO_WRITE, type TxEffect } from "@sprtn/protocol";

/** Effects of a transaction that nobody sent: every value follows from `salt`, so two salts share none. */
export function buildEffect(salt: number | bigint, change: Partial<TxEffect> = {}): TxEffect {
  const value = (index: number): Field => sha256ToField(concatBytes(uintToBytes(salt, 8), Uint8Array.of(index)));
  return {
    txHash: value(0),
    reverted: false,
    fee: 1000n,
    nullifiers: [value(1), value(2)],
    noteHashes: [value(3), value(4)],
    writes: [{ slot: value(5), value: value(6) }, NO_WRITE, NO_WRITE, NO_WRITE],
    l2ToL1Message: ZERO_FIELD,
    encryptedNotes: NO_ENCRYPTED_NOTES,
    ...change,
  };
}
