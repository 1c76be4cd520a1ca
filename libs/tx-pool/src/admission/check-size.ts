import { constants } from "@sprtn/protocol";
import { TxRefusalCode } from "../refusal.js";
import type { AdmissionRule } from "./admission-view.js";

/** TX-1: within size limits. A client proof has one length; all else is fixed. */
export const checkSize: AdmissionRule = ({ tx }) => {
  if (tx.proof.length === constants.CLIENT_PROOF_BYTES) return undefined;
  return {
    code: TxRefusalCode.WRONG_SIZE,
    reason: `its proof has ${tx.proof.length} bytes, but a client proof has ${constants.CLIENT_PROOF_BYTES}`,
  };
};
