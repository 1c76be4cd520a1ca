import type { Field } from "@sprtn/primitives";
import type { GasFees } from "@sprtn/protocol";
import type { PoolEntry } from "./pool-entry.js";
import { NOT_INCLUDABLE, scoreOf } from "./score-of.js";

type Ranked = Pick<PoolEntry, "score" | "arrival" | "tx">;

/**
 * Negative if `a` goes first: the higher score, then the earlier arrival (equal ones are rare: fetched, mined and come
 * back), then the lower hash.
 */
export function comparePriority(a: Ranked, b: Ranked): number {
  if (a.score !== b.score) return a.score > b.score ? -1 : 1;
  if (a.arrival !== b.arrival) return a.arrival - b.arrival;
  return a.tx.hash < b.tx.hash ? -1 : Number(a.tx.hash > b.tx.hash);
}

/** The transactions that wait for a block: by priority, by nullifier, by fee payer. It judges nothing. */
export class PendingTxs {
  readonly #byHash = new Map<Field, PoolEntry>();
  readonly #byNullifier = new Map<Field, PoolEntry>();
  readonly #byPayer = new Map<Field, Set<PoolEntry>>();
  /** Highest priority first. */
  #ordered: PoolEntry[] = [];
  #bytes = 0;

  get size(): number {
    return this.#byHash.size;
  }

  /** Of all wire forms. */
  get bytes(): number {
    return this.#bytes;
  }

  get(hash: Field): PoolEntry | undefined {
    return this.#byHash.get(hash);
  }

  /** Highest priority first. */
  ordered(): readonly PoolEntry[] {
    return this.#ordered;
  }

  /** How many of the first ones reach the base fees. */
  includableCount(): number {
    return this.#firstIndex(entry => entry.score === NOT_INCLUDABLE);
  }

  /** The entries that use one of `nullifiers`. */
  using(nullifiers: readonly Field[]): PoolEntry[] {
    return [...new Set(nullifiers.flatMap(nullifier => this.#byNullifier.get(nullifier) ?? []))];
  }

  payers(): Field[] {
    return [...this.#byPayer.keys()];
  }

  ofPayer(payer: Field): PoolEntry[] {
    return [...(this.#byPayer.get(payer) ?? [])];
  }

  /** The caller has removed what shares a nullifier with it. */
  add(entry: PoolEntry): void {
    const { hash, inputs } = entry.tx;
    this.#byHash.set(hash, entry);
    for (const nullifier of inputs.nullifiers) this.#byNullifier.set(nullifier, entry);
    if (inputs.feePayer !== 0n) {
      const others = this.#byPayer.get(inputs.feePayer);
      if (others) others.add(entry);
      else this.#byPayer.set(inputs.feePayer, new Set([entry]));
    }
    this.#ordered.splice(this.#position(entry), 0, entry);
    this.#bytes += entry.bytes;
  }

  remove(hash: Field): PoolEntry | undefined {
    const entry = this.#byHash.get(hash);
    if (!entry) return undefined;
    this.#byHash.delete(hash);
    for (const nullifier of entry.tx.inputs.nullifiers) this.#byNullifier.delete(nullifier);
    const { feePayer } = entry.tx.inputs;
    const others = this.#byPayer.get(feePayer);
    others?.delete(entry);
    if (others?.size === 0) this.#byPayer.delete(feePayer);
    this.#ordered.splice(this.#position(entry), 1);
    this.#bytes -= entry.bytes;
    return entry;
  }

  /** Scores and orders everything again. */
  reprice(baseFees: GasFees): void {
    for (const entry of this.#ordered) entry.score = scoreOf(entry.tx, entry.gas, baseFees);
    this.#ordered.sort(comparePriority);
  }

  #position(entry: PoolEntry): number {
    return this.#firstIndex(other => comparePriority(entry, other) <= 0);
  }

  /** The first index from which on `holds` is true; it is false before. */
  #firstIndex(holds: (entry: PoolEntry) => boolean): number {
    let low = 0;
    let high = this.#ordered.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#ordered[middle] as PoolEntry)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
