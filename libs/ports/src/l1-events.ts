import type { BlockNumber, Bytes32, EthAddress, Field, Hex, L1BlockNumber, UnixSeconds } from "@sprtn/primitives";
import type { L1ToL2Message } from "@sprtn/protocol";

export interface L1BlockRef {
  readonly number: L1BlockNumber;
  readonly hash: Bytes32;
  readonly timestamp: UnixSeconds;
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
      readonly number: BlockNumber;
      readonly prover: EthAddress;
    }
  | { readonly type: "pruned"; readonly position: L1Position; readonly tip: BlockNumber }
  | {
      readonly type: "message-sent";
      readonly position: L1Position;
      readonly blockNumber: BlockNumber;
      readonly message: L1ToL2Message;
      readonly hash: Field;
    };
