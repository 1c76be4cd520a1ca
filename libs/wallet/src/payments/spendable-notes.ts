import type { AnchorPolicy } from "@sprtn/ports";
import type { Slot } from "@sprtn/primitives";
import { findNotes, type NoteChoice, selectNotes } from "../notes/select-notes.js";
import type { StoredNote } from "../notes/stored-note.js";
import type { ScannedBlock } from "../scan/scan-state.js";
import { WalletError, WalletErrorCode } from "../wallet-error.js";

export interface Anchors {
  /** The one that all wallets choose. */
  readonly common: ScannedBlock;
  /** The last block that was scanned. */
  readonly newest: ScannedBlock;
  /** First slot of the next epoch: from then on the common anchor holds every note there is now. */
  readonly nextEpochSlot: Slot;
}

export interface Spending {
  readonly notes: readonly StoredNote[];
  readonly anchor: ScannedBlock;
}

/**
 * Notes below the common anchor, if they suffice. Else, if the user agreed, any notes below the newest block.
 * @throws WalletError NOTES_TOO_YOUNG if the user did not; what selectNotes throws
 */
export function chooseSpending(choice: NoteChoice, anchors: Anchors, policy: AnchorPolicy): Spending {
  const grown = choice.free.filter(note => note.block <= anchors.common.number);
  const found = findNotes({ ...choice, free: grown });
  if (found !== undefined) return { notes: found, anchor: anchors.common };
  const notes = selectNotes(choice);
  if (policy === "newest") return { notes, anchor: anchors.newest };
  throw tooYoung(anchors, { needed: choice.needed, available: grown.reduce((sum, note) => sum + note.value, 0n) });
}

/**
 * The anchor for exactly these notes.
 * @throws WalletError NOTES_TOO_YOUNG
 */
export function anchorFor(notes: readonly StoredNote[], anchors: Anchors, policy: AnchorPolicy): ScannedBlock {
  if (notes.every(note => note.block <= anchors.common.number)) return anchors.common;
  if (policy === "newest") return anchors.newest;
  throw tooYoung(anchors, {});
}

function tooYoung(
  { common, nextEpochSlot }: Anchors,
  payload: { readonly needed?: bigint; readonly available?: bigint },
): WalletError {
  return new WalletError(
    WalletErrorCode.NOTES_TOO_YOUNG,
    `a note is newer than block ${common.number}, which all wallets use as the anchor in this epoch: wait until ` +
      `slot ${nextEpochSlot}, or pay with anchor "newest", which shows everybody that a recent note is being spent`,
    { ...payload, slot: nextEpochSlot },
  );
}
