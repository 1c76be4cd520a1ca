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

export function deriveNpk(hasher: FieldHasher, nsk: Field): Field {
  return hasher.hash([DomainSeparator.NPK, nsk]);
}

export function deriveAddress(hasher: FieldHasher, npk: Field, viewingKey: GrumpkinPoint): Field {
  return hasher.hash([DomainSeparator.ADDRESS, npk, viewingKey.x, viewingKey.y]);
}

export function hashNote(hasher: FieldHasher, note: Note): Field {
  return hasher.hash([DomainSeparator.NOTE, note.value, note.npk, note.randomness]);
}

export function uniqueNoteHash(
  hasher: FieldHasher,
  firstNullifier: Field,
  outputIndex: number,
  noteHash: Field,
): Field {
  return hasher.hash([DomainSeparator.UNIQUE_NOTE, firstNullifier, BigInt(outputIndex), noteHash]);
}

export function noteNullifier(hasher: FieldHasher, unique: Field, nsk: Field): Field {
  return hasher.hash([DomainSeparator.NULLIFIER, unique, nsk]);
}

export function dummyNullifier(hasher: FieldHasher, nsk: Field, randomness: Field): Field {
  return hasher.hash([DomainSeparator.DUMMY_NULLIFIER, nsk, randomness]);
}

export function messageNullifier(hasher: FieldHasher, messageHash: Field, secret: Field): Field {
  return hasher.hash([DomainSeparator.MESSAGE_NULLIFIER, messageHash, secret]);
}

export function hashSecret(hasher: FieldHasher, secret: Field): Field {
  return hasher.hash([DomainSeparator.SECRET, secret]);
}

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
