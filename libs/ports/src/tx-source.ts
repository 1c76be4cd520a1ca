import type { Field } from "@sprtn/primitives";
import type { Tx } from "@sprtn/protocol";
import type { BuiltBlock } from "@sprtn/state-transition";

/** Whether the pool took a transaction; if not, with a code and what its sender can do. */
export type Admission =
  | { readonly accepted: true; readonly hash: Field }
  | { readonly accepted: false; readonly code: string; readonly reason: string };

/** A transaction that a builder left out of its block, with the reason. */
export type LeftOut = BuiltBlock["excluded"][number];

/** Transactions that wait for a block, and those of unfinalized blocks (PEND-8). */
export interface TxSource {
  /** TX-1. Gossips what came from `local`. */
  add(tx: Tx, origin: "local" | "gossip" | "peer"): Promise<Admission>;
  get(hash: Field): Promise<Tx | undefined>;
  /** In the order in which a proposer should take them, at most `limit`. */
  pending(limit: number): readonly Tx[];
  pendingCount(): number;
  /** What a builder could not include: those that no block can hold any more are dropped with a code. */
  reportLeftOut(leftOut: readonly LeftOut[]): void;
  /** Finds each transaction here or at peers; resolves with those found before `signal` aborts. */
  fetch(hashes: readonly Field[], signal: AbortSignal): Promise<ReadonlyMap<Field, Tx>>;
}
