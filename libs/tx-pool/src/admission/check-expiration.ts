import { TxRefusalCode } from "../refusal.js";
import type { AdmissionRule } from "./admission-view.js";

/** TX-1: not expired. A transaction is expired in slots > expirationSlot. */
export const checkExpiration: AdmissionRule = ({ tx }, { currentSlot }) => {
  if (currentSlot <= tx.inputs.expirationSlot) return undefined;
  return {
    code: TxRefusalCode.EXPIRED,
    reason:
      `it expired after slot ${tx.inputs.expirationSlot}, and the current slot is ${currentSlot}: build it again ` +
      "with a later expiration",
  };
};
