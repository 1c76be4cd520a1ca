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
    reason: "a nullifier of it is in the state already: its note or message is spent, choose another",
  };
};
