import type { Field } from "@sprtn/primitives";
import type { Tx } from "@sprtn/protocol";

export type Admission =
  | { readonly accepted: true; readonly hash: Field }
  | { readonly accepted: false; readonly code: string; readonly reason: string };

/** Transactions that wait for a block, and those of unfinalized blocks (PEND-8). */
export interface TxSource {
  /** TX-1. Gossips what came from `local`. */
  add(tx: Tx, origin: "local" | "gossip" | "peer"): Promise<Admission>;
  get(hash: Field): Promise<Tx | undefined>;
  /** In the order in which a proposer should take them, at most `limit`. */
  pending(limit: number): readonly Tx[];
  pendingCount(): number;
  /** Finds each transaction here or at peers; resolves with those found before `signal` aborts. */
  fetch(hashes: readonly Field[], signal: AbortSignal): Promise<ReadonlyMap<Field, Tx>>;
}
