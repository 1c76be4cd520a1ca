import type { Field } from "@sprtn/primitives";
import type { L2Block, Tx } from "@sprtn/protocol";
import { BlockBuilder } from "./block-builder.js";
import type { BlockEnvironment, ExecutionLookups } from "./block-environment.js";
import type { Exclusion } from "./exclusion.js";
import type { TxExecution } from "./execute-tx.js";
import type { RollupState } from "./rollup-state.js";

/** What a block is built of: candidates, and the L1→L2 messages of its subtree (16 at most). */
export interface BlockContent {
  /** In the order in which they are tried. */
  readonly txs: Iterable<Tx>;
  readonly messages: readonly Field[];
}

/** What a block is built on. */
export interface BuildBlockDependencies {
  /** The parent's state, which the block changes. */
  readonly fork: RollupState;
  readonly lookups: ExecutionLookups;
  /** Asked before each candidate: true ends the search, as a proposer's deadline does. Never, unless given. */
  readonly stop?: () => boolean;
}

/** The finished block, with what each transaction did and why others stayed out. */
export interface BuiltBlock {
  readonly block: L2Block;
  /** The transactions included, in order. */
  readonly txs: readonly Tx[];
  readonly executions: readonly TxExecution[];
  readonly excluded: readonly { readonly tx: Tx; readonly reason: Exclusion }[];
}

/**
 * Executes transactions on `fork` and completes the block: header, archive, effects. What cannot be included is looked
 * past: each candidate is tried until the block is full or `stop` says so. A validator compares the outcome with a
 * proposal.
 */
export function buildBlock(
  { fork, lookups, stop = () => false }: BuildBlockDependencies,
  content: BlockContent,
  environment: BlockEnvironment,
): BuiltBlock {
  const builder = new BlockBuilder({ fork, lookups }, environment, content.messages);
  for (const tx of content.txs) {
    if (builder.full || stop()) break;
    builder.add(tx);
  }
  return builder.finish();
}
