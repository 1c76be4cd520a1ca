import { CodedError } from "@sprtn/primitives";

export enum TxPoolErrorCode {
  BAD_RECORD = "TX_POOL_BAD_RECORD",
  BLOCK_MISSING = "TX_POOL_BLOCK_MISSING",
  NOT_STARTED = "TX_POOL_NOT_STARTED",
}

export class TxPoolError extends CodedError<TxPoolErrorCode, { readonly what?: string }> {}
