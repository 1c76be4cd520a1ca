import { CodedError } from "@sprtn/primitives";

/**
 * A record that cannot be read, a chain that lacks a block, a pool that was not started. Why a transaction is refused
 * is a `TxRefusalCode`, and no error.
 */
export enum TxPoolErrorCode {
  BAD_RECORD = "TX_POOL_BAD_RECORD",
  BLOCK_MISSING = "TX_POOL_BLOCK_MISSING",
  NOT_STARTED = "TX_POOL_NOT_STARTED",
}

export class TxPoolError extends CodedError<TxPoolErrorCode, { readonly what?: string }> {}
