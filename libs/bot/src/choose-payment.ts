import type { EthAddress } from "@sprtn/primitives";
import type { Payment, PaymentWallet, Random, WalletAccount } from "@sprtn/ports";
import { randomBelow } from "@sprtn/runtime";
import type { PaymentKind } from "./payment-mix.js";

export interface PaymentChoice {
  readonly wallet: Pick<PaymentWallet, "accounts" | "spendableNotes">;
  readonly random: Random;
  /** Wei that payments are drawn from, 1 to this. */
  readonly maxAmount: bigint;
  /** L1 address that withdrawals go to. */
  readonly withdrawTo: EthAddress;
  /** Whether the account's public balance suffices for a payment and its fee. */
  funded(account: number): boolean;
}

/**
 * A payment of this kind from the first account, beginning with number `turn`, that can make one now, to the next
 * account; `undefined` if none can.
 */
export function choosePayment(choice: PaymentChoice, kind: PaymentKind, turn: number): Payment | undefined {
  const accounts = choice.wallet.accounts();
  const order = accounts.map((_, i) => accounts[(turn + i) % accounts.length] as WalletAccount);
  const spendsNotes = kind === "private" || kind === "unshield";
  const from = order.find(account =>
    spendsNotes ? choice.wallet.spendableNotes(account.index) > 0 : choice.funded(account.index),
  );
  if (from === undefined) return undefined;
  const next = accounts[(accounts.indexOf(from) + 1) % accounts.length] as WalletAccount;
  // Load needs its notes at once, and they have no privacy to protect.
  const terms = { from: from.index, amount: drawAmount(choice), anchor: "newest" as const };
  switch (kind) {
    case "private":
      return { ...terms, kind, to: next.paymentAddress };
    case "transfer":
      return { ...terms, kind, to: next.address };
    case "shield":
      return { ...terms, kind, to: from.paymentAddress, notes: 1 };
    case "unshield":
      return { ...terms, kind, to: from.address };
    case "withdraw":
      return { ...terms, kind, to: choice.withdrawTo };
  }
}

const U32 = 2 ** 32;

function drawAmount({ random, maxAmount }: PaymentChoice): bigint {
  return 1n + (BigInt(randomBelow(random, U32)) * maxAmount) / BigInt(U32);
}
