import type { Bytes32, Epoch, EthAddress } from "@sprtn/primitives";

/**
 * What L1 says about the validators. Both throw ConsensusError NOT_FIXED for an epoch whose set or seed may still
 * change (SET-3, SEED-1): what they give changes only with an L1 reorg.
 */
export interface CommitteeSource {
  validatorsAt(epoch: Epoch): Promise<readonly EthAddress[]>;
  /** `seed(E)`, SEED-1. */
  seedOf(epoch: Epoch): Promise<Bytes32>;
}
