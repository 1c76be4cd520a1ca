import { type Field, type FieldHasher, ZERO_FIELD } from "@sprtn/primitives";
import { decryptNote, type L2Block, type TxEffect } from "@sprtn/protocol";
import type { AccountKeys } from "../keys/account-keys.js";
import { pointFromX, sharedPoint } from "../keys/grumpkin.js";
import { type OutputPlace, type StoredNote, storedNote, uniqueHashOf } from "./stored-note.js";

/** An output that this wallet made for itself: known without decrypting. */
export interface ExpectedNote {
  readonly account: number;
  readonly value: bigint;
  readonly randomness: Field;
}

export interface Discovery {
  readonly hasher: FieldHasher;
  readonly accounts: readonly AccountKeys[];
  /** By unique note hash. */
  expected(uniqueHash: Field): ExpectedNote | undefined;
  /** Called before each decryption: about 3 ms of computing each, so a long scan has to let others have their turn. */
  breathe(): Promise<void>;
}

/**
 * The notes of a block that belong to one of the accounts; `firstTx` is the number of transactions in all blocks
 * before.
 */
export async function discoverNotes(discovery: Discovery, block: L2Block, firstTx: number): Promise<StoredNote[]> {
  const found: StoredNote[] = [];
  for (const [i, effect] of block.effects.entries()) {
    for (const outputIndex of [0, 1]) {
      const place: OutputPlace = {
        firstNullifier: effect.nullifiers[0],
        outputIndex,
        txIndex: firstTx + i,
        block: block.header.number,
      };
      const note = await discoverNote(discovery, effect, place);
      if (note !== undefined && note.value > 0n) found.push(note);
    }
  }
  return found;
}

async function discoverNote(
  { hasher, accounts, expected, breathe }: Discovery,
  effect: TxEffect,
  place: OutputPlace,
): Promise<StoredNote | undefined> {
  const uniqueHash = effect.noteHashes[place.outputIndex as 0 | 1];
  if (uniqueHash === ZERO_FIELD) return undefined;
  const known = expected(uniqueHash);
  const owner = known === undefined ? undefined : accounts[known.account];
  if (known !== undefined && owner !== undefined)
    return storedNote(hasher, owner, { opened: known, place, uniqueHash });

  const [x, ...ciphertext] = effect.encryptedNotes.slice(3 * place.outputIndex, 3 * place.outputIndex + 3) as [
    Field,
    Field,
    Field,
  ];
  const ephemeral = x === ZERO_FIELD ? undefined : pointFromX(x);
  if (ephemeral === undefined) return undefined;
  for (const keys of accounts) {
    await breathe();
    const opened = decryptNote(hasher, sharedPoint(keys.ivk, ephemeral), ciphertext);
    // A wrong key gives a random field: almost never a u128.
    if (opened.value >> 128n !== 0n || uniqueHashOf(hasher, { ...opened, npk: keys.npk }, place) !== uniqueHash)
      continue;
    return storedNote(hasher, keys, { opened, place, uniqueHash });
  }
  return undefined;
}
