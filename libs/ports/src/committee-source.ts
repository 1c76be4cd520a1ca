import type { Bytes32, Epoch, EthAddress } from "@sprtn/primitives";

/** What L1 says about who validates. Sets and seeds of an epoch never change once the epoch before it has begun. */
export interface CommitteeSource {
  validatorsAt(epoch: Epoch): Promise<readonly EthAddress[]>;
  /** `seed(E)`, SEED-1. */
  seedOf(epoch: Epoch): Promise<Bytes32>;
}
