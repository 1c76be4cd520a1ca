import type { BlockNumber, Field, FieldHasher } from "@sprtn/primitives";
import { constants, hashNote, type Note, noteNullifier, uniqueNoteHash } from "@sprtn/protocol";
import type { AccountKeys } from "../keys/account-keys.js";

/** A note of this wallet, on chain. */
export interface StoredNote {
  readonly account: number;
  /** Wei, above 0. */
  readonly value: bigint;
  readonly randomness: Field;
  /** First nullifier of the transaction that created it, and which output it is. */
  readonly firstNullifier: Field;
  readonly outputIndex: number;
  readonly uniqueHash: Field;
  readonly nullifier: Field;
  readonly leafIndex: bigint;
  /** The block that holds it. */
  readonly block: BlockNumber;
  /** The block that holds its nullifier, `null` while unspent. */
  readonly spentIn: BlockNumber | null;
}

/** An output of a transaction as its block shows it. */
export interface OutputPlace {
  readonly firstNullifier: Field;
  readonly outputIndex: number;
  /** Position of the transaction over all blocks. */
  readonly txIndex: number;
  readonly block: BlockNumber;
}

/** The unique hash that this note must have as that output: what authenticates a decryption. */
export function uniqueHashOf(
  hasher: FieldHasher,
  note: Note,
  place: Pick<OutputPlace, "firstNullifier" | "outputIndex">,
): Field {
  return uniqueNoteHash(hasher, place, hashNote(hasher, note));
}

/** A note that was found: its content, its place, and its hash there. */
export interface FoundNote {
  readonly opened: Pick<Note, "value" | "randomness">;
  readonly place: OutputPlace;
  readonly uniqueHash: Field;
}

export function storedNote(
  hasher: FieldHasher,
  keys: AccountKeys,
  { opened, place, uniqueHash }: FoundNote,
): StoredNote {
  return {
    account: keys.index,
    value: opened.value,
    randomness: opened.randomness,
    firstNullifier: place.firstNullifier,
    outputIndex: place.outputIndex,
    uniqueHash,
    nullifier: noteNullifier(hasher, uniqueHash, keys.nsk),
    // Each transaction has a pair of leaves, whether it has notes or not.
    leafIndex: BigInt(place.txIndex * constants.NOTE_HASHES_PER_TX + place.outputIndex),
    block: place.block,
    spentIn: null,
  };
}
