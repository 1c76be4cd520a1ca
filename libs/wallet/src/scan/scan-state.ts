import type { BlockNumber, Field, Slot } from "@sprtn/primitives";
import { constants } from "@sprtn/protocol";
import type { Frontier } from "../note-tree/frontier.js";
import type { NotePath } from "../note-tree/note-path.js";
import type { StoredNote } from "../notes/stored-note.js";

/** What a scan leaves in the store; one that left less is made again. 2: with note paths and public balances. */
export const SCAN_FORMAT = 2;

/** Whose scan state it is. */
export interface ScanOwner {
  /** Address of account 0. */
  readonly address: Field;
  /** How many accounts the blocks were scanned for. */
  readonly accounts: number;
  /** How many deposit secrets were given out. */
  readonly depositSecrets: number;
  /** {@link SCAN_FORMAT} of the scan; absent for 1. */
  readonly format?: number;
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
  /** Of the note hash tree after it. */
  readonly peaks: readonly Field[];
}

/** The right edge of the note hash tree after a block. */
export function frontierOf({ txsAfter, peaks }: Pick<ScannedBlock, "txsAfter" | "peaks">): Frontier {
  return { leafCount: txsAfter * constants.NOTE_HASHES_PER_TX, peaks };
}

/** A note that a transaction in flight spends. */
export interface Reservation {
  readonly nullifier: Field;
  readonly txHash: Field;
  /** In later slots the transaction cannot be included any more. */
  readonly expirationSlot: Slot;
}

/** An account's public balance after a block that changed it. */
export interface BalanceRecord {
  readonly account: number;
  readonly block: BlockNumber;
  readonly wei: bigint;
}

/** Everything that a wallet knows besides its seed. */
export interface ScanState {
  readonly owner: ScanOwner;
  readonly blocks: readonly ScannedBlock[];
  readonly notes: readonly StoredNote[];
  readonly reservations: readonly Reservation[];
  readonly paths: readonly NotePath[];
  readonly balances: readonly BalanceRecord[];
}
