import type { BlockNumber, Field, Slot } from "@sprtn/primitives";
import type { StoredNote } from "../notes/stored-note.js";

/** Whose scan state it is. */
export interface ScanOwner {
  /** Address of account 0. */
  readonly address: Field;
  /** How many accounts the blocks were scanned for. */
  readonly accounts: number;
  /** How many deposit secrets were given out. */
  readonly depositSecrets: number;
}

/** What is kept of a block. */
export interface ScannedBlock {
  readonly number: BlockNumber;
  readonly hash: Field;
  /** Root of the archive after it. */
  readonly archive: Field;
  readonly slot: Slot;
  /** Transactions in all blocks up to this one. */
  readonly txsAfter: number;
}

/** A note that a transaction in flight spends. */
export interface Reservation {
  readonly nullifier: Field;
  readonly txHash: Field;
  /** In later slots the transaction cannot be included any more. */
  readonly expirationSlot: Slot;
}

/** Everything that a wallet knows besides its seed. */
export interface ScanState {
  readonly owner: ScanOwner;
  readonly blocks: readonly ScannedBlock[];
  readonly notes: readonly StoredNote[];
  readonly reservations: readonly Reservation[];
}
