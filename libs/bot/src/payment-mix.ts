import type { Payment, Random } from "@sprtn/ports";
import { randomFraction } from "@sprtn/runtime";
import { BotError, BotErrorCode } from "./bot-error.js";

/** The kinds of payment that a wallet makes; deposits come from L1. */
export type PaymentKind = Payment["kind"];

export const paymentKinds: readonly PaymentKind[] = ["private", "transfer", "shield", "unshield", "withdraw"];

/** The share of each kind, 0 to 1; they add up to 1. */
export type PaymentMix = Readonly<Record<PaymentKind, number>>;

/** Shares as given, and public transfers for the rest. @throws BotError BAD_MIX if they are negative or exceed 1 */
export function mixOf(shares: Readonly<Record<Exclude<PaymentKind, "transfer">, number>>): PaymentMix {
  const given = Object.values(shares).reduce((sum, share) => sum + share, 0);
  if (Object.values(shares).some(share => !(share >= 0)) || given > 1 + 1e-9) {
    throw new BotError(
      BotErrorCode.BAD_MIX,
      `the payment shares add up to ${given}: give shares of at least 0 that add up to at most 1; the rest are ` +
        "public transfers",
    );
  }
  return { ...shares, transfer: Math.max(0, 1 - given) };
}

/** Draws a kind by its share. */
export function drawKind(mix: PaymentMix, random: Random): PaymentKind {
  let left = randomFraction(random);
  for (const kind of paymentKinds) {
    left -= mix[kind];
    if (left < 0) return kind;
  }
  return paymentKinds.findLast(kind => mix[kind] > 0) ?? "transfer";
}

/** Whether payments of the mix spend notes. */
export function needsNotes(mix: PaymentMix): boolean {
  return mix.private > 0 || mix.unshield > 0;
}
