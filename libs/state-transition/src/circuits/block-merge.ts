import { constrain } from "./circuit-error.js";
import type { RangePublicInputs } from "./public-inputs.js";

/**
 * Block merge (`libs/protocol/spec/circuits.md`): two ranges of blocks, one after the other. Both proofs are verified
 * by the caller.
 */
export function blockMergeCircuit(left: RangePublicInputs, right: RangePublicInputs): RangePublicInputs {
  constrain(left.keyTreeRoot === right.keyTreeRoot, "ranges have different key trees");
  constrain(left.domain === right.domain, "ranges are of different deployments");
  constrain(left.endArchive === right.startArchive, "the right range does not start at the left one's archive");
  constrain(
    left.endAccumulator === right.startAccumulator,
    "the right range does not start at the left one's accumulator",
  );
  return { ...left, endArchive: right.endArchive, endAccumulator: right.endAccumulator };
}
