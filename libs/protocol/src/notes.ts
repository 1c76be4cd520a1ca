import { addFields, type Field, type FieldHasher, subFields } from "@sprtn/primitives";
import { DomainSeparator } from "./generated/constants.js";
import type { Six } from "./tx-effect.js";

/** A private amount of L2-AZT: value in wei (u128), owner's npk, randomness. */
export interface Note {
  readonly value: bigint;
  readonly npk: Field;
  readonly randomness: Field;
}

/** An affine point on Grumpkin: y² = x³ − 17 over the BN254 scalar field. */
export interface GrumpkinPoint {
  readonly x: Field;
  readonly y: Field;
}

/** `H(NPK, nsk)`: the key that a note names its owner by. */
export function deriveNpk(hasher: FieldHasher, nsk: Field): Field {
  return hasher.hash([DomainSeparator.NPK, nsk]);
}

/** `H(ADDRESS, npk, x, y)`: the L2 address of an owner, who can be paid in public and, with both keys, in private. */
export function deriveAddress(hasher: FieldHasher, npk: Field, viewingKey: GrumpkinPoint): Field {
  return hasher.hash([DomainSeparator.ADDRESS, npk, viewingKey.x, viewingKey.y]);
}

/** `H(NOTE, value, npk, randomness)`: what a transaction publishes of a note that it makes. */
export function hashNote(hasher: FieldHasher, note: Note): Field {
  return hasher.hash([DomainSeparator.NOTE, note.value, note.npk, note.randomness]);
}

/**
 * `H(UNIQUE_NOTE, firstNullifier, outputIndex, noteHash)`: the leaf of the note hash tree. The creating transaction's
 * first nullifier makes it unique.
 */
export function uniqueNoteHash(
  hasher: FieldHasher,
  { firstNullifier, outputIndex }: { readonly firstNullifier: Field; readonly outputIndex: number },
  noteHash: Field,
): Field {
  return hasher.hash([DomainSeparator.UNIQUE_NOTE, firstNullifier, BigInt(outputIndex), noteHash]);
}

/** `H(NULLIFIER, uniqueNoteHash, nsk)`: published when the note is spent; only its owner can compute it. */
export function noteNullifier(hasher: FieldHasher, unique: Field, nsk: Field): Field {
  return hasher.hash([DomainSeparator.NULLIFIER, unique, nsk]);
}

/** `H(DUMMY_NULLIFIER, nsk, randomness)`: stands in for an input that is not used. */
export function dummyNullifier(hasher: FieldHasher, nsk: Field, randomness: Field): Field {
  return hasher.hash([DomainSeparator.DUMMY_NULLIFIER, nsk, randomness]);
}

/** `H(MESSAGE_NULLIFIER, messageHash, secret)`: published when a deposit is claimed, so that it is claimed once. */
export function messageNullifier(hasher: FieldHasher, messageHash: Field, secret: Field): Field {
  return hasher.hash([DomainSeparator.MESSAGE_NULLIFIER, messageHash, secret]);
}

/** `H(SECRET, secret)`: a deposit names it on L1; anyone who knows the secret can claim it. */
export function hashSecret(hasher: FieldHasher, secret: Field): Field {
  return hasher.hash([DomainSeparator.SECRET, secret]);
}

/** Binds both ciphertexts of a transaction, six fields, to its public inputs. */
export function hashEncryptedNotes(hasher: FieldHasher, fields: Six<Field>): Field {
  return hasher.hash([DomainSeparator.ENCRYPTED_NOTES, ...fields]);
}

/** Slot of an L2 address's public balance in the public data tree. */
export function balanceSlot(hasher: FieldHasher, address: Field): Field {
  return hasher.hash([DomainSeparator.BALANCE_SLOT, address]);
}

/** The two one-time pads for (value, randomness) under a shared point. */
function pads(hasher: FieldHasher, shared: GrumpkinPoint): readonly [Field, Field] {
  const pad = (index: bigint) => hasher.hash([DomainSeparator.ENCRYPTION, shared.x, shared.y, index]);
  return [pad(1n), pad(2n)];
}

/** Value and randomness of a note, each plus a one-time pad that only the holders of `shared` can compute. */
export function encryptNote(
  hasher: FieldHasher,
  shared: GrumpkinPoint,
  note: Pick<Note, "value" | "randomness">,
): readonly [Field, Field] {
  const [first, second] = pads(hasher, shared);
  return [addFields(note.value, first), addFields(note.randomness, second)];
}

/**
 * What a ciphertext says under a shared point; whether it was meant for this key shows when the note hash is compared.
 */
export function decryptNote(
  hasher: FieldHasher,
  shared: GrumpkinPoint,
  ciphertext: readonly [Field, Field],
): { value: Field; randomness: Field } {
  const [first, second] = pads(hasher, shared);
  return { value: subFields(ciphertext[0], first), randomness: subFields(ciphertext[1], second) };
}
