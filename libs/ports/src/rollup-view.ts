import type { BlockNumber, Epoch, UnixSeconds } from "@sprtn/primitives";

/** The few facts of the Rollup's state that proposers and provers ask for when they are about to send something. */
export interface RollupView {
  /** Pending and proven tip as the contract holds them now. */
  tips(): Promise<{ readonly pending: BlockNumber; readonly proven: BlockNumber }>;
  /** Whether the first touch of `epoch` has fixed the randao of epoch + 2 (SEED-1). */
  randaoCheckpointed(epoch: Epoch): Promise<boolean>;
  /** Whether the epoch's committee has been fixed on L1 (COM-1). */
  isSetUp(epoch: Epoch): Promise<boolean>;
  /** Whether prune() would succeed in an L1 block of this time (PROV-4). */
  canPrune(at: UnixSeconds): Promise<boolean>;
}
