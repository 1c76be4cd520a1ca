import { concatBytes, type Field, fieldToBytes, isField, sha256ToField, ZERO_FIELD } from "@sprtn/primitives";
import { ByteReader } from "./byte-reader.js";
import { TX_EFFECT_BYTES, TX_EFFECT_FIELDS } from "./generated/constants.js";
import { leftFilledRoot, outHashParent, sha256Parent } from "./left-filled-tree.js";
import { ProtocolError, ProtocolErrorCode } from "./protocol-error.js";

/** A public data slot and its value after the write; (0, 0) stands for no write. */
export interface PublicDataWrite {
  readonly slot: Field;
  readonly value: Field;
}

/** Two of `T`: one for each input or output note of a transaction. */
export type Pair<T> = readonly [T, T];
/** Four of `T`: the public writes of a transaction. */
export type Four<T> = readonly [T, T, T, T];
/** Six of `T`: the fields of a transaction's two ciphertexts. */
export type Six<T> = readonly [T, T, T, T, T, T];

/** What a transaction did to the state: 22 fields, spec/encoding.md. */
export interface TxEffect {
  readonly txHash: Field;
  readonly reverted: boolean;
  /** Charged in all, wei. */
  readonly fee: bigint;
  readonly nullifiers: Pair<Field>;
  /** 0 where there is none. */
  readonly noteHashes: Pair<Field>;
  readonly writes: Four<PublicDataWrite>;
  /** 0 where there is none. */
  readonly l2ToL1Message: Field;
  readonly encryptedNotes: Six<Field>;
}

/** Fills the places of public writes that a transaction does not need. */
export const NO_WRITE: PublicDataWrite = { slot: ZERO_FIELD, value: ZERO_FIELD };
/** The ciphertexts of a transaction that creates no notes. */
export const NO_ENCRYPTED_NOTES: Six<Field> = [ZERO_FIELD, ZERO_FIELD, ZERO_FIELD, ZERO_FIELD, ZERO_FIELD, ZERO_FIELD];

/** The effect's 22 fields in the order of spec/encoding.md. */
export function txEffectToFields(effect: TxEffect): Field[] {
  return [
    effect.txHash,
    (effect.reverted ? 1n : 0n) as Field,
    effect.fee as Field,
    ...effect.nullifiers,
    ...effect.noteHashes,
    ...effect.writes.flatMap(write => [write.slot, write.value]),
    effect.l2ToL1Message,
    ...effect.encryptedNotes,
  ];
}

/** The effect's 704 bytes, 32 a field, big-endian. */
export function encodeTxEffect(effect: TxEffect): Uint8Array {
  return concatBytes(...txEffectToFields(effect).map(fieldToBytes));
}

/** A block's published effects: each transaction's 704 bytes, one after another. */
export function encodeEffects(effects: readonly TxEffect[]): Uint8Array {
  return concatBytes(...effects.map(encodeTxEffect));
}

/**
 * @throws ProtocolError BAD_EFFECTS for a wrong length, a field ≥ p, a revert flag that is neither 0 nor 1, a fee ≥
 *   2^128
 */
export function decodeEffects(bytes: Uint8Array): TxEffect[] {
  if (bytes.length % TX_EFFECT_BYTES !== 0) throw bad(`${bytes.length} bytes are not a multiple of ${TX_EFFECT_BYTES}`);
  const reader = new ByteReader(bytes);
  return Array.from({ length: bytes.length / TX_EFFECT_BYTES }, () =>
    effectFromFields(Array.from({ length: TX_EFFECT_FIELDS }, () => reader.uint(32))),
  );
}

function effectFromFields(values: readonly bigint[]): TxEffect {
  const at = (index: number): Field => {
    const value = values[index];
    if (value === undefined || !isField(value)) throw bad(`value ${index} is not a field`);
    return value;
  };
  const [reverted, fee] = [at(1), at(2)];
  if (reverted > 1n) throw bad("the revert flag is neither 0 nor 1");
  if (fee >> 128n !== 0n) throw bad("the fee is beyond 2^128");
  const write = (index: number): PublicDataWrite => ({ slot: at(index), value: at(index + 1) });
  return {
    txHash: at(0),
    reverted: reverted === 1n,
    fee,
    nullifiers: [at(3), at(4)],
    noteHashes: [at(5), at(6)],
    writes: [write(7), write(9), write(11), write(13)],
    l2ToL1Message: at(15),
    encryptedNotes: [at(16), at(17), at(18), at(19), at(20), at(21)],
  };
}

/** sha256 of the encoded effect as a field: a leaf of `txsEffectsHash`. */
export function hashTxEffect(effect: TxEffect): Field {
  return sha256ToField(encodeTxEffect(effect));
}

/** `txsEffectsHash`: what the header's daHash commits to. 0 without transactions. */
export function hashEffects(effects: readonly TxEffect[]): Field {
  return leftFilledRoot(effects.map(hashTxEffect), sha256Parent);
}

/** `outHash`: 0 when no transaction sends a message. */
export function outHashOf(effects: readonly TxEffect[]): Field {
  return leftFilledRoot(
    effects.map(effect => effect.l2ToL1Message),
    outHashParent,
  );
}

function bad(what: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.BAD_EFFECTS, `not a block's effects: ${what}`, { what });
}
