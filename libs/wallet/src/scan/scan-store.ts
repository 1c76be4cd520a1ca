import { concatBytes, type Field, fieldToBytes, type Slot, uintToBytes } from "@sprtn/primitives";
import type { KvOperation, KvStore } from "@sprtn/ports";
import type { StoredNote } from "../notes/stored-note.js";
import { WalletError, WalletErrorCode } from "../wallet-error.js";
import type { Reservation, ScannedBlock, ScanOwner, ScanState } from "./scan-state.js";
import { decodeState, encodeState } from "./state-codec.js";

enum Bucket {
  OWNER = 0,
  BLOCK = 1,
  NOTE = 2,
  RESERVATION = 3,
}

/** What one write changes, all or nothing. */
export interface ScanChange {
  readonly owner?: ScanOwner;
  readonly blocks?: readonly ScannedBlock[];
  readonly notes?: readonly StoredNote[];
  readonly reservations?: readonly Reservation[];
  readonly removedBlocks?: readonly ScannedBlock[];
  readonly removedNotes?: readonly StoredNote[];
  readonly removedReservations?: readonly Reservation[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The scan state on disk, mirrored in memory; it owns every key of its store below `prefix`. */
export class ScanStore {
  #owner: ScanOwner | undefined;
  /** Ascending; contiguous but for a gap after genesis. */
  #blocks: ScannedBlock[] = [];
  readonly #notes = new Map<Field, StoredNote>();
  readonly #byNullifier = new Map<Field, Field>();
  readonly #reservations = new Map<Field, Reservation>();

  private constructor(
    private readonly kv: KvStore,
    private readonly prefix: Uint8Array,
  ) {}

  /** @throws WalletError BAD_STORE for records that are none */
  static async open(kv: KvStore, prefix: Uint8Array = new Uint8Array()): Promise<ScanStore> {
    const store = new ScanStore(kv, prefix);
    for (const bucket of [Bucket.OWNER, Bucket.BLOCK, Bucket.NOTE, Bucket.RESERVATION]) {
      const range = { gte: store.#key(bucket), lt: concatBytes(prefix, Uint8Array.of(bucket + 1)) };
      for await (const [, value] of kv.entries(range)) store.#load(bucket, decode(value));
    }
    return store;
  }

  get owner(): ScanOwner | undefined {
    return this.#owner;
  }

  /** Genesis and the blocks from the finalized one to the last scanned, ascending. */
  get blocks(): readonly ScannedBlock[] {
    return this.#blocks;
  }

  get tip(): ScannedBlock | undefined {
    return this.#blocks.at(-1);
  }

  notes(): Iterable<StoredNote> {
    return this.#notes.values();
  }

  note(uniqueHash: Field): StoredNote | undefined {
    return this.#notes.get(uniqueHash);
  }

  noteByNullifier(nullifier: Field): StoredNote | undefined {
    const hash = this.#byNullifier.get(nullifier);
    return hash === undefined ? undefined : this.#notes.get(hash);
  }

  reservations(): Iterable<Reservation> {
    return this.#reservations.values();
  }

  isReserved(nullifier: Field): boolean {
    return this.#reservations.has(nullifier);
  }

  /** Reservations whose transaction can be in no block after `slot`. */
  expired(slot: Slot): Reservation[] {
    return [...this.#reservations.values()].filter(reservation => reservation.expirationSlot < slot);
  }

  state(owner: ScanOwner): ScanState {
    return {
      owner,
      blocks: this.#blocks,
      notes: [...this.#notes.values()],
      reservations: [...this.#reservations.values()],
    };
  }

  /** Writes, then follows in memory. */
  async write(change: ScanChange): Promise<void> {
    const put = (bucket: Bucket, key: Uint8Array, value: object): KvOperation => ({
      type: "put",
      key: this.#key(bucket, key),
      value: encoder.encode(encodeState(value)),
    });
    const del = (bucket: Bucket, key: Uint8Array): KvOperation => ({ type: "del", key: this.#key(bucket, key) });
    const operations: KvOperation[] = [
      ...(change.removedBlocks ?? []).map(block => del(Bucket.BLOCK, uintToBytes(block.number, 4))),
      ...(change.removedNotes ?? []).map(note => del(Bucket.NOTE, fieldToBytes(note.uniqueHash))),
      ...(change.removedReservations ?? []).map(reservation =>
        del(Bucket.RESERVATION, fieldToBytes(reservation.nullifier)),
      ),
      ...(change.owner === undefined ? [] : [put(Bucket.OWNER, new Uint8Array(), change.owner)]),
      ...(change.blocks ?? []).map(block => put(Bucket.BLOCK, uintToBytes(block.number, 4), block)),
      ...(change.notes ?? []).map(note => put(Bucket.NOTE, fieldToBytes(note.uniqueHash), note)),
      ...(change.reservations ?? []).map(reservation =>
        put(Bucket.RESERVATION, fieldToBytes(reservation.nullifier), reservation),
      ),
    ];
    if (operations.length === 0) return;
    // What a crash takes of the scan is scanned again; reservations and the count of secrets exist here alone.
    await this.kv.write(operations, { sync: change.owner !== undefined || change.reservations !== undefined });
    this.#follow(change);
  }

  #follow(change: ScanChange): void {
    const removed = new Set(change.removedBlocks?.map(block => block.number));
    if (removed.size > 0) this.#blocks = this.#blocks.filter(block => !removed.has(block.number));
    for (const note of change.removedNotes ?? []) {
      this.#notes.delete(note.uniqueHash);
      this.#byNullifier.delete(note.nullifier);
    }
    for (const reservation of change.removedReservations ?? []) this.#reservations.delete(reservation.nullifier);
    if (change.owner !== undefined) this.#load(Bucket.OWNER, change.owner);
    for (const block of change.blocks ?? []) this.#load(Bucket.BLOCK, block);
    for (const note of change.notes ?? []) this.#load(Bucket.NOTE, note);
    for (const reservation of change.reservations ?? []) this.#load(Bucket.RESERVATION, reservation);
  }

  #load(bucket: Bucket, record: object): void {
    if (bucket === Bucket.OWNER) this.#owner = record as ScanOwner;
    if (bucket === Bucket.BLOCK) this.#blocks.push(record as ScannedBlock);
    if (bucket === Bucket.RESERVATION) this.#reservations.set((record as Reservation).nullifier, record as Reservation);
    if (bucket !== Bucket.NOTE) return;
    const note = record as StoredNote;
    this.#notes.set(note.uniqueHash, note);
    this.#byNullifier.set(note.nullifier, note.uniqueHash);
  }

  #key(bucket: Bucket, key: Uint8Array = new Uint8Array()): Uint8Array {
    return concatBytes(this.prefix, Uint8Array.of(bucket), key);
  }
}

function decode(value: Uint8Array): object {
  try {
    return decodeState(decoder.decode(value));
  } catch (error) {
    throw new WalletError(
      WalletErrorCode.BAD_STORE,
      "the wallet's store holds a damaged record: restore a backup, or empty the store and rescan",
      {},
      { cause: error },
    );
  }
}
