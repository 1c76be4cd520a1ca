import { CodedError } from "@sprtn/primitives";

/** Contradictory load settings, accounts that cannot be funded, failed housekeeping. */
export enum BotErrorCode {
  BAD_SCHEDULE = "BOT_BAD_SCHEDULE",
  BAD_MIX = "BOT_BAD_MIX",
  BAD_AMOUNT = "BOT_BAD_AMOUNT",
  /** An account is low and nothing can fund it. */
  NO_FUNDING = "BOT_NO_FUNDING",
  /** L1 did not take a deposit; the cause says why. */
  DEPOSIT_REFUSED = "BOT_DEPOSIT_REFUSED",
  /** A transaction that the bot itself needs was dropped, reverted, or in no block in time. */
  HOUSEKEEPING_FAILED = "BOT_HOUSEKEEPING_FAILED",
}

interface BotErrorDetails {
  readonly account?: number;
  readonly what?: string;
  /** What became of a transaction, and the code for which it was dropped. */
  readonly outcome?: string;
  readonly reason?: string;
}

export class BotError extends CodedError<BotErrorCode, BotErrorDetails> {}
