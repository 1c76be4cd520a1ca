import {
  bytesToUint,
  counted,
  type Field,
  type FieldHasher,
  isField,
  plainBytes,
  uintToBytes,
} from "@sprtn/primitives";
import { MAX_PROOF_BYTES, TX_PUBLIC_INPUTS } from "./generated/constants.js";
import { ProtocolError, ProtocolErrorCode } from "./protocol-error.js";
import type { Six } from "./tx-effect.js";
import { hashTx, publicInputsFromFields, publicInputsToFields, type TxPublicInputs } from "./tx-public-inputs.js";

/** How a transaction is authorized. 2 is kept for `signature` (Schnorr on Grumpkin). */
export enum AuthorizationKind {
  PROOF = 1,
}

/** A transaction as it is gossiped. */
export interface Tx {
  readonly hash: Field;
  readonly authorization: AuthorizationKind;
  readonly inputs: TxPublicInputs;
  readonly encryptedNotes: Six<Field>;
  readonly proof: Uint8Array;
}

/** SSZ of {authorization: uint8, inputs: Vector[uint256, 24], encryptedNotes: Vector[uint256, 6], proof: ByteList}. */
const WORD = 32;
const NOTES_AT = 1 + TX_PUBLIC_INPUTS * WORD;
const OFFSET_AT = NOTES_AT + 6 * WORD;
const PROOF_AT = OFFSET_AT + 4;

/** Upper bound of an encoded transaction, bytes. */
export const MAX_TX_BYTES = PROOF_AT + MAX_PROOF_BYTES;

/** A transaction with its hash. Nothing is checked: `checkTxShape` and the pool do that. */
export function createTx(hasher: FieldHasher, parts: Omit<Tx, "hash">): Tx {
  return { ...parts, hash: hashTx(hasher, parts.inputs) };
}

/**
 * The wire form: SSZ, so integers are little-endian there; hashes are taken over the specification's bytes, never over
 * these. Written out by hand: the typed RPC client has to be small, and a library for SSZ is larger than all of it.
 * @throws ProtocolError BAD_TX
 */
export function encodeTx(tx: Tx): Uint8Array {
  if (tx.proof.length > MAX_PROOF_BYTES) throw bad(`a proof of ${tx.proof.length} bytes, at most ${MAX_PROOF_BYTES}`);
  const bytes = new Uint8Array(PROOF_AT + tx.proof.length);
  bytes[0] = tx.authorization;
  [...publicInputsToFields(tx.inputs), ...tx.encryptedNotes].forEach((value, index) => {
    bytes.set(uintToBytes(value, WORD).reverse(), 1 + index * WORD);
  });
  new DataView(bytes.buffer).setUint32(OFFSET_AT, PROOF_AT, true);
  bytes.set(tx.proof, PROOF_AT);
  return bytes;
}

/** @throws ProtocolError BAD_TX */
export function decodeTx(hasher: FieldHasher, bytes: Uint8Array): Tx {
  if (bytes.length > MAX_TX_BYTES) throw bad(`${bytes.length} bytes, at most ${MAX_TX_BYTES}`);
  if (bytes.length < PROOF_AT)
    throw bad(`it has ${counted(bytes.length, "byte")}, and the shortest one has ${PROOF_AT}`);
  const offset = new DataView(bytes.buffer, bytes.byteOffset).getUint32(OFFSET_AT, true);
  if (offset !== PROOF_AT) throw bad("its bytes are not an encoding of one");
  const authorization = bytes[0] as number;
  if (authorization !== AuthorizationKind.PROOF) throw bad(`authorization kind ${authorization} is unknown`);
  const words = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) =>
      bytesToUint(bytes.subarray(from + index * WORD, from + (index + 1) * WORD).toReversed()),
    );
  const notes = words(NOTES_AT, 6).map(value => {
    if (!isField(value)) throw bad("an encrypted note is not a field");
    return value;
  }) as unknown as Six<Field>;
  return createTx(hasher, {
    authorization,
    inputs: publicInputsFromFields(words(1, TX_PUBLIC_INPUTS)),
    encryptedNotes: notes,
    proof: plainBytes(bytes).slice(PROOF_AT),
  });
}

function bad(what: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.BAD_TX, `not a transaction: ${what}`, { what });
}
