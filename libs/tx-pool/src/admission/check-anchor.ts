import { TxRefusalCode } from "../refusal.js";
import type { AdmissionRule } from "./admission-view.js";

/** TX-1: the anchor belongs to a block of the archive. */
export const checkAnchor: AdmissionRule = ({ tx }, { anchorBlock }) => {
  if (anchorBlock(tx.inputs.anchorNoteHashRoot) !== undefined) return undefined;
  return {
    code: TxRefusalCode.UNKNOWN_ANCHOR,
    reason: "no block of this chain has its anchor as the note hash root: build it again on a recent block",
  };
};
