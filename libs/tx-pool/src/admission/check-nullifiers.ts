import { TxRefusalCode } from "../refusal.js";
import type { AdmissionRule } from "./admission-view.js";

/**
 * TX-1, INV-4: nullifiers are unused in the state. For a deposit, nullifiers[0] is its message's: used, the message is
 * spent.
 */
export const checkNullifiers: AdmissionRule = ({ tx }, { state }) => {
  if (!tx.inputs.nullifiers.some(nullifier => state.hasNullifier(nullifier))) return undefined;
  return {
    code: TxRefusalCode.NULLIFIER_USED,
    reason: "one of its nullifiers is already in the state: its note or message is spent, so use another one",
  };
};
