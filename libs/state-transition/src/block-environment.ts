import type { BlockNumber, EthAddress, Field, Slot, UnixSeconds } from "@sprtn/primitives";
import type { ChainIdentity, Gas, GasFees } from "@sprtn/protocol";

/** What a block's transactions see of it, and what its header takes over. */
export interface BlockEnvironment {
  readonly chain: ChainIdentity;
  readonly number: BlockNumber;
  readonly slot: Slot;
  readonly timestamp: UnixSeconds;
  readonly coinbase: EthAddress;
  readonly feeRecipient: Field;
  readonly baseFees: GasFees;
  readonly gasTarget: Gas;
  readonly maxTxs: number;
}

/** What execution has to look up outside the trees. */
export interface ExecutionLookups {
  /** The block after which the note hash tree had this root (TX-1: anchor). */
  anchorBlock(noteHashRoot: Field): BlockNumber | undefined;
  /** Leaf index of an L1→L2 message that was ever sent. */
  messageIndex(message: Field): bigint | undefined;
}
