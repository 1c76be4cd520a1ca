import { TxRefusalCode } from "../refusal.js";
import type { AdmissionRule } from "./admission-view.js";

/** TX-1: right chain and version. */
export const checkChain: AdmissionRule = ({ tx }, { chain }) => {
  const { chainId, rollupVersion } = tx.inputs;
  if (chainId === chain.chainId && rollupVersion === chain.rollupVersion) return undefined;
  return {
    code: TxRefusalCode.WRONG_CHAIN,
    reason:
      `it is for chain ${chainId}, version ${rollupVersion}; this node serves chain ${chain.chainId}, ` +
      `version ${chain.rollupVersion}: use a node of its network`,
  };
};
