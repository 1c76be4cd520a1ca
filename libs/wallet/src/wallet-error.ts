import { CodedError } from "@sprtn/primitives";

/** Why a payment cannot be made, and what is wrong with a backup, an address or a node. */
export enum WalletErrorCode {
  /** A payment address that is damaged or for something else. */
  BAD_ADDRESS = "WALLET_BAD_ADDRESS",
  BAD_SEED = "WALLET_BAD_SEED",
  UNKNOWN_ACCOUNT = "WALLET_UNKNOWN_ACCOUNT",
  /** A payment that no transaction can express. */
  BAD_PAYMENT = "WALLET_BAD_PAYMENT",
  INSUFFICIENT_NOTES = "WALLET_INSUFFICIENT_NOTES",
  /** Enough in all, but in more notes than a transaction can spend. */
  NOTES_FRAGMENTED = "WALLET_NOTES_FRAGMENTED",
  /** Enough in all, but some of it is reserved for transactions in flight. */
  NOTES_IN_FLIGHT = "WALLET_NOTES_IN_FLIGHT",
  /** Enough in all, but some of it is younger than the anchor that all wallets choose. */
  NOTES_TOO_YOUNG = "WALLET_NOTES_TOO_YOUNG",
  INSUFFICIENT_BALANCE = "WALLET_INSUFFICIENT_BALANCE",
  /** A message whose secret is not this wallet's. */
  UNKNOWN_DEPOSIT = "WALLET_UNKNOWN_DEPOSIT",
  /** The stored scan state belongs to other keys. */
  WRONG_SEED = "WALLET_WRONG_SEED",
  /** The stored scan state belongs to another chain. */
  WRONG_CHAIN = "WALLET_WRONG_CHAIN",
  /** The node's answers do not fit together. */
  BAD_NODE_ANSWER = "WALLET_BAD_NODE_ANSWER",
  BAD_STORE = "WALLET_BAD_STORE",
  /** The store failed and has been read again: the same may be tried once more. */
  STORE_READ_AGAIN = "WALLET_STORE_READ_AGAIN",
  BACKUP_MALFORMED = "WALLET_BACKUP_MALFORMED",
  BACKUP_VERSION = "WALLET_BACKUP_VERSION",
  BACKUP_PASSPHRASE = "WALLET_BACKUP_PASSPHRASE",
  /** A backup is restored into an empty store only. */
  STORE_NOT_EMPTY = "WALLET_STORE_NOT_EMPTY",
}

/** The amounts (wei), the account or the slot that the error is about. */
export interface WalletErrorPayload {
  /** Wei. */
  readonly needed?: bigint;
  readonly available?: bigint;
  readonly account?: number;
  /** From which it can be tried again. */
  readonly slot?: number;
  readonly what?: string;
}

export class WalletError extends CodedError<WalletErrorCode, WalletErrorPayload> {}
