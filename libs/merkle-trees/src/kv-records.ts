import type { KvPut, PutBatch, SyncKv } from "./sync-kv.js";

/** What a record of a tree on disk is; the first byte of its key after the tree's prefix. */
export enum RecordKind {
  LEAF_COUNT = 0,
  NODE_PAGE = 1,
  PREIMAGE = 2,
  BUCKET = 3,
  BITMAP_PAGE = 4,
}

interface Written {
  readonly key: Uint8Array;
  value: Uint8Array;
}

/**
 * Records named by kind, level and number over a database that is read only: what is written waits in memory to be
 * handed out as a batch. What was read or written last is cached:
 * the next batch needs the upper nodes and the rightmost ones again.
 */
export class KvRecords {
  private pending = new Map<number, Written>();
  /** Handed out and not on disk yet, oldest first; never changed any more. */
  private readonly inFlight: { readonly records: ReadonlyMap<number, Written>; done: boolean }[] = [];

  private readonly cache = new Map<number, Uint8Array>();

  constructor(
    private readonly kv: SyncKv,
    private readonly settings: { readonly prefix: Uint8Array; readonly cachedRecords: number },
  ) {}

  /** prefix ‖ kind ‖ level ‖ number as u32, big-endian. */
  private key(kind: RecordKind, level: number, number: number): Uint8Array {
    const { prefix } = this.settings;
    const key = new Uint8Array(prefix.length + 6);
    key.set(prefix);
    key[prefix.length] = kind;
    key[prefix.length + 1] = level;
    new DataView(key.buffer).setUint32(prefix.length + 2, number);
    return key;
  }

  /** As {@link read}, for a key that another {@link KvRecords} with this prefix made. */
  get(key: Uint8Array): Uint8Array | undefined {
    const { kind, level, number } = this.placeOf(key);
    return this.read(kind, level, number);
  }

  /** What a key with this prefix names. */
  placeOf(key: Uint8Array): { readonly kind: RecordKind; readonly level: number; readonly number: number } {
    const at = this.settings.prefix.length;
    return {
      kind: key[at] as RecordKind,
      level: key[at + 1] as number,
      number: new DataView(key.buffer, key.byteOffset).getUint32(at + 2),
    };
  }

  /** The database holds `value` now, by another way than {@link write}. */
  learn(key: Uint8Array, value: Uint8Array): void {
    const { kind, level, number } = this.placeOf(key);
    const name = nameOf(kind, level, number);
    this.cache.delete(name);
    this.keep(name, value);
  }

  /** The bytes as stored: not to be changed. */
  read(kind: RecordKind, level: number, number: number): Uint8Array | undefined {
    const name = nameOf(kind, level, number);
    const known = this.unwritten(name) ?? this.cache.get(name);
    if (known !== undefined) return known;
    const stored = this.kv.get(this.key(kind, level, number));
    if (stored !== undefined) this.keep(name, stored);
    return stored;
  }

  /** Only what is not on disk yet. */
  private unwritten(name: number): Uint8Array | undefined {
    const own = this.pending.get(name);
    if (own !== undefined) return own.value;
    for (let i = this.inFlight.length - 1; i >= 0; i--) {
      const found = this.inFlight[i]?.records.get(name);
      if (found !== undefined) return found.value;
    }
    return undefined;
  }

  private keep(name: number, value: Uint8Array): void {
    if (this.cache.size >= this.settings.cachedRecords) {
      const oldest = this.cache.keys().next();
      if (oldest.done !== true) this.cache.delete(oldest.value);
    }
    this.cache.set(name, value);
  }

  /** A record of the batch being collected: its bytes may still be changed. */
  draft(kind: RecordKind, level: number, number: number): Uint8Array | undefined {
    return this.pending.get(nameOf(kind, level, number))?.value;
  }

  /** Keeps `value` itself. */
  // oxlint-disable-next-line max-params -- called for every record: no object for each
  write(kind: RecordKind, level: number, number: number, value: Uint8Array): void {
    const name = nameOf(kind, level, number);
    const own = this.pending.get(name);
    if (own !== undefined) {
      own.value = value;
      return;
    }
    this.cache.delete(name);
    this.pending.set(name, { key: this.key(kind, level, number), value });
  }

  takePuts(): PutBatch {
    const taken = { records: this.pending, done: false };
    this.pending = new Map();
    this.inFlight.push(taken);
    return {
      puts: Array.from(taken.records.values(), ({ key, value }): KvPut => ({ type: "put", key, value })),
      done: () => {
        taken.done = true;
        this.settle();
      },
    };
  }

  /** Moves batches that are on disk to the cache, in order: a later one waits for those before it. */
  private settle(): void {
    while (this.inFlight[0]?.done === true) {
      const records = this.inFlight.shift()?.records ?? [];
      for (const [name, { value }] of records) if (this.unwritten(name) === undefined) this.keep(name, value);
    }
  }
}

/** A record's name as one number below 2^48. */
function nameOf(kind: RecordKind, level: number, number: number): number {
  return (kind * 64 + level) * 2 ** 32 + number;
}
