import type { L1BlockNumber } from "@sprtn/primitives";
import type { L1Block, L1BlockRef, L1ChainState, L1Event } from "./l1-events.js";

/**
 * Payload of the coded error with which an L1Reader says that L1 changed while it was read, as in a reorg, or that the
 * endpoint is not that far yet. Neither is a fault: ask again.
 */
export interface L1Changed {
  readonly changed: true;
}

/**
 * Payload of the coded error which says that no L1 endpoint works. Whatever follows L1 reports that, once per node;
 * nothing else needs to.
 */
export interface L1Away {
  /** Without paths, which may hold keys. */
  readonly endpoints: readonly string[];
}

/**
 * Reads L1's blocks and the deployment's logs. It types them and never judges. Every method throws a coded error when
 * no L1 endpoint answers.
 */
export interface L1Reader {
  head(): Promise<L1BlockRef>;
  /** The block that L1 calls finalized. */
  finalized(): Promise<L1BlockRef>;
  /** `undefined` for a block that L1 does not have (yet, or any more). */
  block(number: L1BlockNumber): Promise<L1Block | undefined>;
  /**
   * All events of L1 blocks `from` to `to`, both included, in L1's order. Long ranges are split by the implementation.
   * @throws a coded error with {@link L1Changed} when L1 changed meanwhile
   */
  events(from: L1BlockNumber, to: L1BlockNumber): Promise<readonly L1Event[]>;
  /**
   * The contracts' state right after `block`; `undefined` when the endpoint does not keep that block's state, or the
   * contracts did not exist yet.
   */
  stateAt(block: L1BlockRef): Promise<L1ChainState | undefined>;
  /** The next answers come from another endpoint, if there is one: for what wants a second opinion. */
  turnAway(): void;
}
