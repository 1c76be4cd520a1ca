import type { EthAddress } from "@sprtn/primitives";
import type { RootPublicInputs } from "@sprtn/protocol";
import { blockMergeCircuit } from "./block-merge.js";
import { constrain } from "./circuit-error.js";
import type { RangePublicInputs } from "./public-inputs.js";

/**
 * Root (`libs/protocol/spec/circuits.md`): what L1 verifies, bound to its sender. `ranges` are the public inputs of
 * its one or two children, verified by the caller.
 */
export function rootCircuit(ranges: readonly RangePublicInputs[], prover: EthAddress): RootPublicInputs {
  const [left, right] = ranges;
  constrain(left !== undefined, "a root has a child");
  const range = right === undefined ? left : blockMergeCircuit(left, right);
  return { ...range, prover };
}
