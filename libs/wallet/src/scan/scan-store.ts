import { concatBytes, type Field, fieldToBytes, type Slot, uintToBytes } from "@sprtn/primitives";
import type { KvOperation, KvStore } from "@sprtn/ports";
import type { NotePath } from "../note-tree/note-path.js";
import type { StoredNote } from "../notes/stored-note.js";
import { WalletError, WalletErrorCode } from "../wallet-error.js";
import type { BalanceRecord, Reservation, ScannedBlock, ScanOwner, ScanState } from "./scan-state.js";
import { decodeState, encodeState } from "./state-codec.js";

enum Bucket {
  OWNER = 0,
  BLOCK = 1,
  NOTE = 2,
  RESERVATION = 3,
  PATH = 4,
  BALANCE = 5,
}

/** What one write changes, all or nothing. */
export interface ScanChange {
  readonly owner?: ScanOwner;
  readonly blocks?: readonly ScannedBlock[];
  readonly notes?: readonly StoredNote[];
  readonly reservations?: readonly Reservation[];
  readonly paths?: readonly NotePath[];
  readonly balances?: readonly BalanceRecord[];
  readonly removedBlocks?: readonly ScannedBlock[];
  readonly removedNotes?: readonly StoredNote[];
  readonly removedReservations?: readonly Reservation[];
  readonly removedPaths?: readonly NotePath[];
  readonly removedBalances?: readonly BalanceRecord[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const keyOf = {
  block: ({ number }: ScannedBlock) => uintToBytes(number, 4),
  note: ({ uniqueHash }: Pick<StoredNote, "uniqueHash">) => fieldToBytes(uniqueHash),
  reservation: ({ nullifier }: Reservation) => fieldToBytes(nullifier),
  balance: ({ account, block }: BalanceRecord) => concatBytes(uintToBytes(account, 4), uintToBytes(block, 4)),
};

/** The scan state on disk, mirrored in memory; it owns every key of its store below `prefix`. */
export class ScanStore {
  #owner: ScanOwner | undefined;
  /** Ascending; contiguous except for a gap after genesis. */
  #blocks: ScannedBlock[] = [];
  /** Ascending. */
  #balances: BalanceRecord[] = [];
  readonly #notes = new Map<Field, StoredNote>();
  readonly #byNullifier = new Map<Field, Field>();
  readonly #paths = new Map<Field, NotePath>();
  readonly #reservations = new Map<Field, Reservation>();

  /** A write failed: what is on disk is not known. */
  #uncertain = false;
  /** Transactions that are not sent, as their reservations could not be written; those may be on disk all the same. */
  readonly #unsent = new Set<Field>();

  private constructor(
    private readonly kv: KvStore,
    private readonly prefix: Uint8Array,
  ) {}

  /** @throws WalletError BAD_STORE for records that are none */
  static async open(kv: KvStore, prefix: Uint8Array = new Uint8Array()): Promise<ScanStore> {
    const store = new ScanStore(kv, prefix);
    await store.#read();
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

  /** Of notes that are unspent, or were spent in blocks that are not finalized. */
  paths(): Iterable<NotePath> {
    return this.#paths.values();
  }

  path(uniqueHash: Field): NotePath | undefined {
    return this.#paths.get(uniqueHash);
  }

  /** Public balances, the last one of an account being what it has; ascending by block. */
  get balances(): readonly BalanceRecord[] {
    return this.#balances;
  }

  /** Wei, after the last block that was scanned. */
  publicBalance(account: number): bigint {
    return this.#balances.findLast(record => record.account === account)?.wei ?? 0n;
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
      paths: [...this.#paths.values()],
      balances: this.#balances,
    };
  }

  /** What removes everything that was read from the chain; reservations stay. */
  forgetting(): ScanChange {
    return {
      removedBlocks: this.#blocks,
      removedNotes: [...this.#notes.values()],
      removedPaths: [...this.#paths.values()],
      removedBalances: this.#balances,
    };
  }

  /** Writes, then follows in memory. */
  async write(change: ScanChange): Promise<void> {
    const operations: KvOperation[] = [
      ...this.#dels(Bucket.BLOCK, keyOf.block, change.removedBlocks),
      ...this.#dels(Bucket.NOTE, keyOf.note, change.removedNotes),
      ...this.#dels(Bucket.RESERVATION, keyOf.reservation, change.removedReservations),
      ...this.#dels(Bucket.PATH, keyOf.note, change.removedPaths),
      ...this.#dels(Bucket.BALANCE, keyOf.balance, change.removedBalances),
      ...this.#puts(Bucket.OWNER, () => new Uint8Array(), change.owner === undefined ? [] : [change.owner]),
      ...this.#puts(Bucket.BLOCK, keyOf.block, change.blocks),
      ...this.#puts(Bucket.NOTE, keyOf.note, change.notes),
      ...this.#puts(Bucket.RESERVATION, keyOf.reservation, change.reservations),
      ...this.#puts(Bucket.PATH, keyOf.note, change.paths),
      ...this.#puts(Bucket.BALANCE, keyOf.balance, change.balances),
    ];
    if (operations.length === 0) return;
    if (this.#uncertain) {
      await this.#readAgain();
      throw new WalletError(
        WalletErrorCode.STORE_READ_AGAIN,
        "the wallet's store failed and has been read again: repeat the operation",
      );
    }
    try {
      // What a crash takes of the scan is scanned again; reservations and the count of secrets exist here alone.
      await this.kv.write(operations, { sync: change.owner !== undefined || change.reservations !== undefined });
    } catch (error) {
      this.#uncertain = true;
      for (const { txHash } of change.reservations ?? []) this.#unsent.add(txHash);
      // If it fails as well, the next write begins with it.
      await this.#readAgain().catch(() => undefined);
      throw error;
    }
    this.#follow(change);
  }

  /** After a write that failed, and may be on disk all the same: what is there counts. Throws what the store throws. */
  async #readAgain(): Promise<void> {
    await this.#read();
    const unsent = [...this.#reservations.values()].filter(({ txHash }) => this.#unsent.has(txHash));
    if (unsent.length > 0) await this.kv.write(this.#dels(Bucket.RESERVATION, keyOf.reservation, unsent));
    this.#follow({ removedReservations: unsent });
    this.#unsent.clear();
    this.#uncertain = false;
  }

  /** Memory becomes what is on disk. @throws WalletError BAD_STORE */
  async #read(): Promise<void> {
    const records = async (bucket: Bucket): Promise<object[]> => {
      const range = { gte: this.#key(bucket), lt: concatBytes(this.prefix, Uint8Array.of(bucket + 1)) };
      const found: object[] = [];
      for await (const [, value] of this.kv.entries(range)) found.push(decode(value));
      return found;
    };
    const [owner] = (await records(Bucket.OWNER)) as ScanOwner[];
    const stored: ScanChange = {
      ...(owner === undefined ? {} : { owner }),
      blocks: (await records(Bucket.BLOCK)) as ScannedBlock[],
      notes: (await records(Bucket.NOTE)) as StoredNote[],
      reservations: (await records(Bucket.RESERVATION)) as Reservation[],
      paths: (await records(Bucket.PATH)) as NotePath[],
      balances: (await records(Bucket.BALANCE)) as BalanceRecord[],
    };
    this.#follow({ ...this.forgetting(), removedReservations: [...this.#reservations.values()] });
    this.#owner = undefined;
    this.#follow(stored);
  }

  #follow(change: ScanChange): void {
    const removedBlocks = new Set(change.removedBlocks?.map(block => block.number));
    if (removedBlocks.size > 0) this.#blocks = this.#blocks.filter(block => !removedBlocks.has(block.number));
    this.#blocks = [...this.#blocks, ...(change.blocks ?? [])];
    const removedBalances = new Set(change.removedBalances);
    this.#balances = [
      ...this.#balances.filter(record => !removedBalances.has(record)),
      ...(change.balances ?? []),
    ].sort((a, b) => a.block - b.block);
    for (const note of change.removedNotes ?? []) {
      this.#notes.delete(note.uniqueHash);
      this.#byNullifier.delete(note.nullifier);
    }
    for (const { uniqueHash } of change.removedPaths ?? []) this.#paths.delete(uniqueHash);
    for (const { nullifier } of change.removedReservations ?? []) this.#reservations.delete(nullifier);
    if (change.owner !== undefined) this.#owner = change.owner;
    for (const note of change.notes ?? []) {
      this.#notes.set(note.uniqueHash, note);
      this.#byNullifier.set(note.nullifier, note.uniqueHash);
    }
    for (const path of change.paths ?? []) this.#paths.set(path.uniqueHash, path);
    for (const reservation of change.reservations ?? []) this.#reservations.set(reservation.nullifier, reservation);
  }

  #puts<T extends object>(bucket: Bucket, key: (record: T) => Uint8Array, records: readonly T[] = []): KvOperation[] {
    return records.map(record => ({
      type: "put",
      key: this.#key(bucket, key(record)),
      value: encoder.encode(encodeState(record)),
    }));
  }

  #dels<T>(bucket: Bucket, key: (record: T) => Uint8Array, records: readonly T[] = []): KvOperation[] {
    return records.map(record => ({ type: "del", key: this.#key(bucket, key(record)) }));
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
