import type { BlockNumber, Field } from "@sprtn/primitives";
import type { L2Block, StateReference } from "@sprtn/protocol";
import type { ExecutionLookups, StateFork } from "@sprtn/state-transition";

/** States to execute on: what proposers, validators and provers need of the trees. */
export interface StateForks {
  /**
   * A fork of the state after `block`: pending tip or earlier, not before the oldest kept. Dropped by forgetting it.
   */
  forkAt(block: BlockNumber): StateFork;
  /**
   * A fork on a block that was executed here and kept, though L1 does not have it yet (PEND-9); `undefined` if it was
   * not.
   */
  forkOn(archive: Field): StateFork | undefined;
  /** Keeps what executing `block` wrote, so that it is not executed again when L1 brings it. */
  keep(block: L2Block, fork: StateFork): void;
  /** The trees after `block`; `undefined` for one that was applied in bulk. */
  referenceAt(block: BlockNumber): StateReference | undefined;
  readonly lookups: Pick<ExecutionLookups, "anchorBlock">;
}
