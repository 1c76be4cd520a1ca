import type { EthAddress, UnixSeconds } from "@sprtn/primitives";

/** A call to be sent as a transaction. */
export interface TransactionRequest {
  readonly to: EthAddress;
  /** 0x-prefixed. */
  readonly data: string;
  /** Wei; 0 unless told. */
  readonly value?: bigint;
  /**
   * Gas limit; estimated when absent. A call whose course depends on the block's time wants a fixed one: an estimate
   * runs at
   * the time of a block that is already there.
   */
  readonly gasLimit?: bigint;
  /** Tried before anything is sent, at the time of L1's next block, so that what is bound to revert costs nothing. */
  readonly dryRun?: boolean;
  /** No block before this time can hold it: it is refused with TOO_EARLY while L1's next block is one. */
  readonly notBefore?: UnixSeconds;
}
