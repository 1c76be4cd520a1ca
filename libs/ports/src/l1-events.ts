import type { BlockNumber, Bytes32, EthAddress, Field, Hex, L1BlockNumber, UnixSeconds } from "@sprtn/primitives";
import type { L1ToL2Message } from "@sprtn/protocol";

/** An L1 block's name and time. */
export interface L1BlockRef {
  readonly number: L1BlockNumber;
  readonly hash: Bytes32;
  readonly timestamp: UnixSeconds;
}

/** A block as its header describes it. */
export interface L1Block extends L1BlockRef {
  /** Whether its `logsBloom` rules out that it holds an event of the deployment. */
  readonly eventless: boolean;
}

/** What the deployment's events up to an L1 block must add up to, as its contracts hold it after that block. */
export interface L1ChainState {
  readonly pending: BlockNumber;
  readonly proven: BlockNumber;
  /** The archive of the pending tip. */
  readonly archive: Field;
  /**
   * `inHash` of the subtrees of blocks pending + 1, pending + 2 … up to the one that takes messages now (MSG-1), or of
   * the first of them where they are many.
   */
  readonly inHashes: readonly Field[];
}

/** Where on L1 something happened. */
export interface L1Position {
  readonly blockNumber: L1BlockNumber;
  readonly blockHash: Bytes32;
  readonly transactionHash: Hex;
  readonly logIndex: number;
}

/** A deployment's events, typed and not yet judged: bytes are as L1 published them. */
export type L1Event =
  | {
      readonly type: "block-proposed";
      readonly position: L1Position;
      readonly number: BlockNumber;
      readonly header: Uint8Array;
      readonly archive: Field;
      /** Concatenated effects, chunks put together in order. */
      readonly effects: Uint8Array;
    }
  | {
      readonly type: "block-proven";
      readonly position: L1Position;
      /** The last block proven. */
      readonly number: BlockNumber;
      readonly prover: EthAddress;
      /** The first block that was not proven before. */
      readonly firstBlock: BlockNumber;
      /** The archive of block `number`. */
      readonly archive: Field;
    }
  | {
      readonly type: "pruned";
      readonly position: L1Position;
      /** The pending tip from then on: the proven one. */
      readonly tip: BlockNumber;
      /** The pending tip until then. */
      readonly oldTip: BlockNumber;
    }
  | {
      readonly type: "message-sent";
      readonly position: L1Position;
      readonly blockNumber: BlockNumber;
      readonly message: L1ToL2Message;
      readonly hash: Field;
    };
