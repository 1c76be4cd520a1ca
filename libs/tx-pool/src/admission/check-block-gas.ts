import { TxRefusalCode } from "../refusal.js";
import type { AdmissionRule } from "./admission-view.js";

/** TX-2: a transaction that needs more than the block limit of 2 × target can never be included. */
export const checkBlockGas: AdmissionRule = ({ gas }, { blockGasLimit }) => {
  if (gas.l2 <= blockGasLimit.l2 && gas.da <= blockGasLimit.da) return undefined;
  return {
    code: TxRefusalCode.EXCEEDS_BLOCK_GAS,
    reason:
      `it needs ${gas.l2} L2 gas and ${gas.da} DA gas, but a block has only ${blockGasLimit.l2} and ` +
      `${blockGasLimit.da}: lower the teardown limits`,
  };
};
