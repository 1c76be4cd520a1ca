import { ByteListType, ContainerType, UintBigintType, UintNumberType, VectorBasicType } from "@chainsafe/ssz";
import { type Field, type FieldHasher, isField } from "@sprtn/primitives";
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

const fieldType = new UintBigintType(32);

/**
 * The wire form: SSZ, so integers are little-endian there; hashes are taken over the specification's bytes, never over
 * these.
 */
const TxType = new ContainerType({
  authorization: new UintNumberType(1),
  inputs: new VectorBasicType(fieldType, TX_PUBLIC_INPUTS),
  encryptedNotes: new VectorBasicType(fieldType, 6),
  proof: new ByteListType(MAX_PROOF_BYTES),
});

/** Upper bound of an encoded transaction, bytes. */
export const MAX_TX_BYTES = TxType.maxSize;

export function createTx(hasher: FieldHasher, parts: Omit<Tx, "hash">): Tx {
  return { ...parts, hash: hashTx(hasher, parts.inputs) };
}

export function encodeTx(tx: Tx): Uint8Array {
  return TxType.serialize({
    authorization: tx.authorization,
    inputs: publicInputsToFields(tx.inputs),
    encryptedNotes: [...tx.encryptedNotes],
    proof: tx.proof,
  });
}

/** @throws ProtocolError BAD_TX */
export function decodeTx(hasher: FieldHasher, bytes: Uint8Array): Tx {
  if (bytes.length > MAX_TX_BYTES) throw bad(`${bytes.length} bytes, at most ${MAX_TX_BYTES}`);
  const raw = (() => {
    try {
      return TxType.deserialize(bytes);
    } catch (error) {
      throw bad("its bytes are no encoding of one", error);
    }
  })();
  if (raw.authorization !== AuthorizationKind.PROOF) throw bad(`authorization kind ${raw.authorization} is unknown`);
  const notes = raw.encryptedNotes.map(value => {
    if (!isField(value)) throw bad("an encrypted note is no field");
    return value;
  }) as unknown as Six<Field>;
  return createTx(hasher, {
    authorization: raw.authorization,
    inputs: publicInputsFromFields(raw.inputs),
    encryptedNotes: notes,
    proof: raw.proof,
  });
}

function bad(what: string, cause?: unknown): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.BAD_TX, `not a transaction: ${what}`, { what }, { cause });
}
