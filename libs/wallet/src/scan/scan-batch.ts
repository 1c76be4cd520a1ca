import type { Field } from "@sprtn/primitives";
import { balanceSlot, type L2Block } from "@sprtn/protocol";
import { EMPTY_FRONTIER } from "../note-tree/frontier.js";
import { PathTracker } from "../note-tree/path-tracker.js";
import { type Discovery, discoverNotes } from "../notes/discover-notes.js";
import type { StoredNote } from "../notes/stored-note.js";
import { WalletError, WalletErrorCode } from "../wallet-error.js";
import { type BalanceRecord, frontierOf, type ScannedBlock } from "./scan-state.js";
import type { ScanChange, ScanStore } from "./scan-store.js";

/**
 * What consecutive blocks after `store.tip` change: notes found, notes spent, paths that have grown, public balances.
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
  const balances: BalanceRecord[] = [];
  const slots = new Map(discovery.accounts.map(keys => [balanceSlot(discovery.hasher, keys.address), keys.index]));
  let previous = store.tip;
  const tracker = new PathTracker(
    discovery.hasher,
    previous === undefined ? EMPTY_FRONTIER : frontierOf(previous),
    store.paths(),
  );
  for (const block of blocks) {
    const { header, headerHash: hash, archive } = block;
    requireNext(previous, block);
    const firstTx = previous?.txsAfter ?? 0;
    const effects = block.effects.slice(0, header.txCount);
    const found = await discoverNotes(discovery, block, firstTx);
    for (const note of found) {
      notes.set(note.uniqueHash, note);
      byNullifier.set(note.nullifier, note.uniqueHash);
    }
    for (const nullifier of effects.flatMap(effect => effect.nullifiers)) {
      const own = byNullifier.get(nullifier);
      const note = own === undefined ? store.noteByNullifier(nullifier) : notes.get(own);
      if (note !== undefined) notes.set(note.uniqueHash, { ...note, spentIn: header.number });
    }
    tracker.append(
      effects.flatMap(effect => effect.noteHashes),
      found,
    );
    balances.push(...balancesAfter(block, slots));
    previous = {
      number: header.number,
      hash,
      archive,
      slot: header.slot,
      txsAfter: firstTx + effects.length,
      peaks: tracker.frontier.peaks,
    };
    scanned.push(previous);
  }
  return { blocks: scanned, notes: [...notes.values()], paths: tracker.changed(), balances };
}

function requireNext(previous: ScannedBlock | undefined, { header, effects }: L2Block): void {
  const follows =
    previous === undefined
      ? header.number === 0
      : header.number === previous.number + 1 &&
        header.lastArchive === previous.archive &&
        header.txCount === effects.length;
  if (!follows)
    throw new WalletError(
      WalletErrorCode.BAD_NODE_ANSWER,
      `the node's block ${header.number} does not follow the block before it: sync again`,
      { what: `block ${header.number}` },
    );
}

/** A write's value is the balance after it, and the writes stand in their order. */
function balancesAfter({ header, effects }: L2Block, slots: ReadonlyMap<Field, number>): BalanceRecord[] {
  const last = new Map<number, bigint>();
  for (const { slot, value } of effects.flatMap(effect => effect.writes)) {
    const account = slots.get(slot);
    if (account !== undefined) last.set(account, value);
  }
  return Array.from(last, ([account, wei]) => ({ account, block: header.number, wei }));
}
