import type { EthAddress, Field, Slot } from "@sprtn/primitives";
import type { GrumpkinPoint } from "@sprtn/protocol";
import type { FundingMessage } from "./l1-funding.js";
import type { TxReceipt } from "./node-api.js";

/** Where private payments go: the owner's public keys. */
export interface PaymentAddress {
  readonly npk: Field;
  readonly viewingKey: GrumpkinPoint;
}

/** Position of one of a wallet's accounts. */
export type AccountIndex = number;

/** One account: its public address, and its keys for private payments. */
export interface WalletAccount {
  readonly index: AccountIndex;
  /** L2 address: where public payments go. */
  readonly address: Field;
  readonly paymentAddress: PaymentAddress;
}

/** What pays the fee: an account of this wallet from its public balance, or the spent notes. */
export type FeeSource = { readonly account: AccountIndex } | "notes";

/**
 * Under which block's state notes are spent, which everybody sees:
 * - common: the last block before the epoch, the choice of every wallet. Notes of later blocks wait for the next epoch
 * - newest: where younger notes are needed, the last block. It tells that such a note is spent, and when that was
 */
export type AnchorPolicy = "common" | "newest";

interface PaymentTerms {
  /** Wei, above 0. */
  readonly amount: bigint;
  /** For `private` and `unshield` the notes if absent, else the sender. */
  readonly fee?: FeeSource;
  /** `common` if absent. */
  readonly anchor?: AnchorPolicy;
}

/**
 * A payment by its kind (the calls of `libs/protocol/spec/transactions.md`; `private` is kind none: notes to notes).
 */
export type Payment = PaymentTerms &
  (
    | { readonly kind: "private"; readonly from: AccountIndex; readonly to: PaymentAddress }
    | { readonly kind: "transfer"; readonly from: AccountIndex; readonly to: Field }
    /** `notes`: into how many notes of about the same value. */
    | { readonly kind: "shield"; readonly from: AccountIndex; readonly to: PaymentAddress; readonly notes?: 1 | 2 }
    | { readonly kind: "unshield"; readonly from: AccountIndex; readonly to: Field }
    | { readonly kind: "withdraw"; readonly from: AccountIndex; readonly to: EthAddress }
  );

/** What an account owns, as far as its wallet has read the chain. */
export interface WalletBalance {
  /** Wei, after the last block that was read. */
  readonly public: bigint;
  /** Wei in unspent notes, those reserved for transactions in flight among them. */
  readonly private: bigint;
  /** How many unspent notes, reserved ones among them. */
  readonly notes: number;
  /** Values of the notes that can be spent now, young ones with anchor `newest`, greatest first. */
  readonly spendable: readonly bigint[];
}

/** What is needed of a wallet to pay: the load generator's view of it. Every method may throw a coded error. */
export interface PaymentWallet {
  accounts(): readonly WalletAccount[];
  /** Reads the blocks that it has not seen; follows the chain through prunes and reorgs. */
  sync(signal?: AbortSignal): Promise<void>;
  balance(account: AccountIndex): Promise<WalletBalance>;
  /** How many notes can be spent now, as far as the wallet knows; makes no request. */
  spendableNotes(account: AccountIndex): number;
  /**
   * Reads new blocks, builds, proves and submits; resolves with the hash when the node has taken it. `onSending` hears
   * the hash just before: a submission that got no answer may have arrived all the same.
   */
  pay(payment: Payment, signal?: AbortSignal, onSending?: (hash: Field) => void): Promise<Field>;
  /** The secret hash for a deposit to be made on L1; the wallet can recover its secret. */
  newDepositSecret(): Promise<Field>;
  /**
   * Waits until the chain takes the message in, then claims it into the balance of `message.recipient`, an account of
   * this wallet, which pays the fee.
   */
  claimDeposit(message: FundingMessage, signal?: AbortSignal): Promise<Field>;
  /** Its receipt now, and again whenever its stage changes; ends after `finalized` and `dropped`. */
  watch(hash: Field, signal?: AbortSignal): AsyncIterable<TxReceipt>;
}

/** A payment that is made and proved, and has not left. What it spends is held for it until it is sent or given up. */
export interface PreparedPayment {
  readonly hash: Field;
  /** Last slot that may include it. */
  readonly expirationSlot: Slot;
  /**
   * Submits it, once; resolves with the hash when the node has taken it. `onSending` hears the hash just before: a
   * submission that got no answer may have arrived all the same.
   */
  send(onSending?: (hash: Field) => void): Promise<Field>;
  /** Frees what it holds, if it was not sent. */
  discard(): void;
}

/** A wallet that makes payments ahead of the moment at which they leave. */
export interface PreparingWallet extends PaymentWallet {
  /** Reads new blocks, builds and proves. */
  prepare(payment: Payment, signal?: AbortSignal): Promise<PreparedPayment>;
}
