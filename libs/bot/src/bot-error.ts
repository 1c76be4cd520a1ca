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
  /** A transaction that the bot itself needs did not get into a block. */
  HOUSEKEEPING_FAILED = "BOT_HOUSEKEEPING_FAILED",
}

export class BotError extends CodedError<BotErrorCode, { readonly account?: number; readonly what?: string }> {}
