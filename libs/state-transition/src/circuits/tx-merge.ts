import { outHashParent, sha256Parent } from "@sprtn/protocol";
import { constrain } from "./circuit-error.js";
import { type PartialState, partialStateFields, type SpanPublicInputs } from "./public-inputs.js";

const equalStates = (a: PartialState, b: PartialState) => {
  const other = partialStateFields(b);
  return partialStateFields(a).every((field, i) => field === other[i]);
};

/**
 * Tx merge (`libs/protocol/spec/circuits.md`): two spans of one block, one after the other. Both proofs are verified by
 * the caller.
 */
export function txMergeCircuit(left: SpanPublicInputs, right: SpanPublicInputs): SpanPublicInputs {
  constrain(left.constantsHash === right.constantsHash, "spans are of different blocks");
  constrain(left.keyTreeRoot === right.keyTreeRoot, "spans have different key trees");
  constrain(equalStates(left.end, right.start), "the right span does not start where the left one ends");
  return {
    constantsHash: left.constantsHash,
    keyTreeRoot: left.keyTreeRoot,
    start: left.start,
    end: right.end,
    effectsHash: sha256Parent(left.effectsHash, right.effectsHash),
    outHash: outHashParent(left.outHash, right.outHash),
    baseFees: left.baseFees + right.baseFees,
    tips: left.tips + right.tips,
    l2Gas: left.l2Gas + right.l2Gas,
    daGas: left.daGas + right.daGas,
    txCount: left.txCount + right.txCount,
  };
}
