import { CallKind, type Tx } from "@sprtn/protocol";
import type { StateView } from "@sprtn/ports";
import { TxRefusalCode } from "../refusal.js";
import type { AdmissionRule } from "./admission-view.js";

const U128 = 2n ** 128n;
const credits: ReadonlySet<CallKind> = new Set([CallKind.TRANSFER, CallKind.UNSHIELD, CallKind.DEPOSIT]);

/** TX-3: the balance that its call credits stays below 2^128 wei. */
export const checkCredit: AdmissionRule = ({ tx }, { state }) => {
  if (!overflows(tx, state)) return undefined;
  return {
    code: TxRefusalCode.BALANCE_OVERFLOW,
    reason: "the credited balance would reach 2^128 wei: pay less, or pay to another account",
  };
};

/** Whether no block on `state` can credit what it pays; what its fee takes from the same account is left aside. */
export function overflows({ inputs }: Tx, state: Pick<StateView, "publicBalance">): boolean {
  const { call, publicSender } = inputs;
  if (!credits.has(call.kind) || (call.kind === CallKind.TRANSFER && call.target === publicSender)) return false;
  return state.publicBalance(call.target) + call.amount >= U128;
}
