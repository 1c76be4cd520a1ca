import type { BlockContent, BlockEnvironment, BuiltBlock, ExecutionLookups, StateFork } from "@sprtn/state-transition";

/** A parent's state, and what its block's transactions look up. */
export interface ExecutionGround {
  readonly fork: StateFork;
  readonly lookups: ExecutionLookups;
}

/** What came out, and the state after it. */
export interface ExecutedBlock {
  readonly built: BuiltBlock;
  readonly fork: StateFork;
}

/** Executes the transactions of a proposal on its parent's state. */
export interface BlockExecutor {
  execute(on: ExecutionGround, content: BlockContent, environment: BlockEnvironment): Promise<ExecutedBlock>;
}
