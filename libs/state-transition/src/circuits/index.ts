export { blockMergeCircuit } from "./block-merge.js";
export { blockRootCircuit } from "./block-root.js";
export { CircuitError, CircuitErrorCode, constrain } from "./circuit-error.js";
export type {
  ArchiveOpening,
  BlockMergeInputs,
  BlockRootInputs,
  ChildProof,
  CircuitInputs,
  IndexedStep,
  RootInputs,
  SingleBlock,
  SingleBlocksInputs,
  TxBaseInputs,
  TxMergeInputs,
} from "./circuit-inputs.js";
export { decodeCircuitInputs, encodeCircuitInputs } from "./inputs-codec.js";
export { checkKey, KeyTree, type KeyWitness, simulatedKeyHash } from "./key-tree.js";
export {
  type BlockConstants,
  hashConstants,
  type PartialState,
  RANGE_FIELDS,
  rangeFromFields,
  type RangePublicInputs,
  rangeToFields,
  SPAN_FIELDS,
  spanFromFields,
  type SpanPublicInputs,
  spanToFields,
} from "./public-inputs.js";
export { rootCircuit } from "./root.js";
export { singleBlockCircuit } from "./single-block.js";
export { type RollupCircuit, runCircuit, type VerifyChild } from "./run-circuit.js";
export { transferCircuit } from "./transfer.js";
export { txBaseCircuit } from "./tx-base.js";
export { txMergeCircuit } from "./tx-merge.js";
