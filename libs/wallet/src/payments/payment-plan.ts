import { addressToField, type Field, isField, ZERO_FIELD } from "@sprtn/primitives";
import type { FeeSource, Payment, PaymentAddress } from "@sprtn/ports";
import { CallKind, type MessageOpening, type PublicCall } from "@sprtn/protocol";
import type { AccountKeys } from "../keys/account-keys.js";
import { WalletError, WalletErrorCode } from "../wallet-error.js";

/** A new note that pays somebody. */
export interface PlannedOutput {
  readonly to: PaymentAddress;
  readonly value: bigint;
}

/** What a transaction is to do, before notes, fees and anchor are known. */
export interface PaymentPlan {
  readonly call: PublicCall;
  /** Whose notes are spent, and whose key makes the dummies. */
  readonly owner: AccountKeys;
  /** Whose public balance the call debits. */
  readonly sender: AccountKeys | undefined;
  /** Whose public balance pays the fee; `undefined`: the notes. */
  readonly payer: AccountKeys | undefined;
  /** Notes for the recipients; change is not among them. */
  readonly payments: readonly PlannedOutput[];
  readonly message: MessageOpening;
}

const NO_MESSAGE: MessageOpening = { portal: ZERO_FIELD, globalIndex: 0n, secret: ZERO_FIELD };

/** Wei that the notes must bring in besides the fee; 0 if the plan spends none. */
export function notesSpent(plan: PaymentPlan): bigint {
  const paid = plan.payments.reduce((sum, payment) => sum + payment.value, 0n);
  if (plan.call.kind === CallKind.SHIELD) return 0n;
  return plan.call.kind === CallKind.UNSHIELD ? paid + plan.call.amount : paid;
}

/**
 * Whether it spends notes: then it has two outputs whatever it needs, so that nobody can see whether there is change.
 */
export function spendsNotes(plan: PaymentPlan): boolean {
  return plan.payer === undefined || notesSpent(plan) > 0n;
}

const NO_CALL: PublicCall = { kind: CallKind.NONE, target: ZERO_FIELD, amount: 0n, message: ZERO_FIELD };

/** @throws WalletError BAD_PAYMENT, UNKNOWN_ACCOUNT (through `account`) */
export function planPayment(payment: Payment, account: (index: number) => AccountKeys): PaymentPlan {
  const { amount } = payment;
  if (amount <= 0n || amount >> 128n !== 0n) throw bad(`an amount of ${amount} wei: give one above 0 and below 2^128`);
  const owner = account(payment.from);
  const payer = (otherwise: FeeSource): AccountKeys | undefined => {
    const source = payment.fee ?? otherwise;
    return source === "notes" ? undefined : account(source.account);
  };
  const call = (kind: CallKind, target: Field): PublicCall => ({ ...NO_CALL, kind, target, amount });
  const l2Target = (target: Field): Field => {
    if (target === ZERO_FIELD || !isField(target)) throw bad("the recipient is not an L2 address");
    return target;
  };
  const self: FeeSource = { account: payment.from };
  const base = { owner, message: NO_MESSAGE, payments: [] as readonly PlannedOutput[] };
  switch (payment.kind) {
    case "private":
      return {
        ...base,
        call: NO_CALL,
        sender: undefined,
        payer: payer("notes"),
        payments: [{ to: payment.to, value: amount }],
      };
    case "transfer":
      return { ...base, call: call(CallKind.TRANSFER, l2Target(payment.to)), sender: owner, payer: payer(self) };
    case "shield": {
      if (payment.fee === "notes") throw bad("a shield spends no notes: have an account pay the fee");
      const half = payment.notes === 2 && amount > 1n ? amount / 2n : 0n;
      const payments = [amount - half, half].filter(value => value > 0n).map(value => ({ to: payment.to, value }));
      return { ...base, call: call(CallKind.SHIELD, ZERO_FIELD), sender: owner, payer: payer(self), payments };
    }
    case "unshield":
      return { ...base, call: call(CallKind.UNSHIELD, l2Target(payment.to)), sender: undefined, payer: payer("notes") };
    case "withdraw": {
      const target = addressToField(payment.to);
      if (target === ZERO_FIELD) throw bad("a withdrawal to the zero address would be lost");
      return { ...base, call: call(CallKind.WITHDRAW, target), sender: owner, payer: payer(self) };
    }
  }
}

/** A deposit into `recipient`'s balance, which pays the fee (TX-3: the credit comes first). */
export function planDeposit(
  recipient: AccountKeys,
  deposit: { readonly amount: bigint; readonly messageHash: Field },
  message: MessageOpening,
): PaymentPlan {
  return {
    call: { kind: CallKind.DEPOSIT, target: recipient.address, amount: deposit.amount, message: deposit.messageHash },
    owner: recipient,
    sender: undefined,
    payer: recipient,
    payments: [],
    message,
  };
}

/** Puts an owner's notes together; `payer` pays, or the notes. */
export function planMerge(owner: AccountKeys, payer: AccountKeys | undefined): PaymentPlan {
  return { call: NO_CALL, owner, sender: undefined, payer, payments: [], message: NO_MESSAGE };
}

function bad(what: string): WalletError {
  return new WalletError(WalletErrorCode.BAD_PAYMENT, `this payment cannot be made: ${what}`, { what });
}
