import { NOT_INCLUDABLE } from "../score-of.js";
import { TxRefusalCode } from "../refusal.js";
import type { AdmissionRule } from "./admission-view.js";

/** TX-2: maximum fees reach the base fees of the next block. */
export const checkBaseFees: AdmissionRule = ({ score }, { baseFees }) => {
  if (score !== NOT_INCLUDABLE) return undefined;
  return {
    code: TxRefusalCode.MAX_FEE_TOO_LOW,
    reason:
      `the next block's base fees are ${baseFees.perL2Gas} wei for L2 and ${baseFees.perDaGas} wei for DA ` +
      "gas: raise its maximum fees",
  };
};
