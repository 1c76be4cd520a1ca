import type { Field } from "@sprtn/primitives";
import type { L2Block } from "@sprtn/protocol";
import { type Discovery, discoverNotes } from "../notes/discover-notes.js";
import type { StoredNote } from "../notes/stored-note.js";
import { WalletError, WalletErrorCode } from "../wallet-error.js";
import type { ScannedBlock } from "./scan-state.js";
import type { ScanChange, ScanStore } from "./scan-store.js";

/**
 * What consecutive blocks after `store.tip` change: notes found, notes spent.
 * @throws WalletError BAD_NODE_ANSWER for blocks that do not follow one another
 */
export async function scanBatch(
  discovery: Discovery,
  store: ScanStore,
  blocks: readonly L2Block[],
): Promise<ScanChange> {
  const scanned: ScannedBlock[] = [];
  const notes = new Map<Field, StoredNote>();
  const byNullifier = new Map<Field, Field>();
  let previous = store.tip;
  for (const block of blocks) {
    const { header, headerHash: hash, archive, effects } = block;
    const follows =
      previous === undefined
        ? header.number === 0
        : header.number === previous.number + 1 && header.lastArchive === previous.archive;
    if (!follows)
      throw new WalletError(
        WalletErrorCode.BAD_NODE_ANSWER,
        `the node's block ${header.number} does not follow the one before: sync again`,
        { what: `block ${header.number}` },
      );
    const firstTx = previous?.txsAfter ?? 0;
    for (const note of await discoverNotes(discovery, block, firstTx)) {
      notes.set(note.uniqueHash, note);
      byNullifier.set(note.nullifier, note.uniqueHash);
    }
    for (const nullifier of effects.flatMap(effect => effect.nullifiers)) {
      const found = byNullifier.get(nullifier);
      const note = found === undefined ? store.noteByNullifier(nullifier) : notes.get(found);
      if (note !== undefined) notes.set(note.uniqueHash, { ...note, spentIn: header.number });
    }
    previous = { number: header.number, hash, archive, slot: header.slot, txsAfter: firstTx + effects.length };
    scanned.push(previous);
  }
  return { blocks: scanned, notes: [...notes.values()] };
}
