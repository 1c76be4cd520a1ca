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

/** Records named by kind, level and number over a database that is read only: what is written waits in memory to be handed out as a batch. */
export class KvRecords {
  private pending = new Map<number, Written>();
  /** Handed out and not on disk yet, oldest first; never changed any more. */
  private readonly inFlight: Map<number, Written>[] = [];

  constructor(private readonly kv: SyncKv, private readonly prefix: Uint8Array) {}

  /** prefix ‖ kind ‖ level ‖ number as u32, big-endian. */
  private key(kind: RecordKind, level: number, number: number): Uint8Array {
    const { prefix } = this;
    const key = new Uint8Array(prefix.length + 6);
    key.set(prefix);
    key[prefix.length] = kind;
    key[prefix.length + 1] = level;
    new DataView(key.buffer).setUint32(prefix.length + 2, number);
    return key;
  }

  /** The bytes as stored: not to be changed. */
  read(kind: RecordKind, level: number, number: number): Uint8Array | undefined {
    return this.unwritten(kind, level, number) ?? this.kv.get(this.key(kind, level, number));
  }

  /** Only what is not on disk yet. */
  unwritten(kind: RecordKind, level: number, number: number): Uint8Array | undefined {
    const name = nameOf(kind, level, number);
    const own = this.pending.get(name);
    if (own !== undefined) return own.value;
    for (let i = this.inFlight.length - 1; i >= 0; i--) {
      const found = this.inFlight[i]?.get(name);
      if (found !== undefined) return found.value;
    }
    return undefined;
  }

  /** A record of the batch being collected: its bytes may still be changed. */
  draft(kind: RecordKind, level: number, number: number): Uint8Array | undefined {
    return this.pending.get(nameOf(kind, level, number))?.value;
  }

  /** Keeps `value` itself. */
  write(kind: RecordKind, level: number, number: number, value: Uint8Array): void {
    const name = nameOf(kind, level, number);
    const own = this.pending.get(name);
    if (own === undefined) this.pending.set(name, { key: this.key(kind, level, number), value });
    else own.value = value;
  }

  takePuts(): PutBatch {
    const taken = this.pending;
    this.pending = new Map();
    this.inFlight.push(taken);
    const puts = Array.from(taken.values(), ({ key, value }): KvPut => ({ type: "put", key, value }));
    return {
      puts,
      done: () => {
        const at = this.inFlight.indexOf(taken);
        if (at >= 0) this.inFlight.splice(at, 1);
      },
    };
  }
}

/** A record's name as one number below 2^48. */
function nameOf(kind: RecordKind, level: number, number: number): number {
  return (kind * 64 + level) * 2 ** 32 + number;
}
