import { bytesToUint, type Field, ZERO_FIELD } from "@sprtn/primitives";
import {
  CallKind,
  type CircuitName,
  constants,
  decodeTransferWitness,
  publicInputsFromFields,
  type TxPublicInputs,
} from "@sprtn/protocol";
import {
  type BlockRootInputs,
  type ChildProof,
  type CircuitInputs,
  decodeCircuitInputs,
  type IndexedStep,
  rangeFromFields,
  type SingleBlock,
  spanFromFields,
  type TxBaseInputs,
} from "@sprtn/state-transition/circuits";

/** A value as noir_js takes it: fields and integers as hex strings. */
type NoirValue = string | boolean | NoirValue[] | { [name: string]: NoirValue };
/** A circuit's inputs by Noir's names for them, numbers as hex. */
export type NoirInputs = Record<string, NoirValue>;

/** The verification key, as fields, at an index of the key tree. */
export type KeyFieldsAt = (index: number) => readonly bigint[];

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);

/** Structs keep their shape; names become Noir's. */
function toNoir(value: unknown): NoirValue {
  if (typeof value === "bigint" || typeof value === "number") return `0x${value.toString(16)}`;
  if (typeof value === "boolean" || typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(toNoir);
  return Object.fromEntries(Object.entries(value as object).map(([name, each]) => [snakeCase(name), toNoir(each)]));
}

/** A proof's bytes as fields, 32 bytes each. */
function proofFields(proof: Uint8Array): bigint[] {
  return Array.from({ length: proof.length / 32 }, (_, i) => bytesToUint(proof.subarray(32 * i, 32 * i + 32)));
}

const zeros = (count: number): Field[] => Array.from({ length: count }, () => ZERO_FIELD);
const depth = constants.PUBLIC_DATA_TREE_DEPTH;

/**
 * What the Noir circuit of this name takes, from the encoded inputs that its TypeScript twin runs on: lists and options
 * of the twin become arrays of fixed length, absent parts zeros.
 * @throws CircuitError BAD_INPUTS, ProtocolError BAD_WITNESS for bytes that are none
 */
export function noirInputs(circuit: CircuitName, inputs: Uint8Array, keyFieldsAt: KeyFieldsAt): NoirInputs {
  if (circuit === "transfer") return { witness: toNoir(decodeTransferWitness(inputs)) };
  const child = ({ key, proof }: ChildProof) => ({
    key: toNoir(key),
    key_fields: toNoir(keyFieldsAt(key.index)),
    proof: toNoir(proofFields(proof)),
  });
  const children = (proofs: readonly ChildProof[]) => proofs.map(child);
  const spans = (proofs: readonly ChildProof[]) => proofs.map(proof => toNoir(spanFromFields(proof.publicInputs)));
  const ranges = (proofs: readonly ChildProof[]) => proofs.map(proof => toNoir(rangeFromFields(proof.publicInputs)));
  switch (circuit) {
    case "tx-base": {
      const base = decodeCircuitInputs<CircuitInputs["tx-base"]>(inputs);
      return { transfer: child(base.transfer), inputs: txBase(base) };
    }
    case "tx-merge": {
      const { left, right } = decodeCircuitInputs<CircuitInputs["tx-merge"]>(inputs);
      return { children: children([left, right]), spans: spans([left, right]) };
    }
    case "block-root-single":
    case "block-root-pair": {
      const { blocks } = decodeCircuitInputs<CircuitInputs["block-root-pair"]>(inputs);
      return { transfers: blocks.map(block => child(block.base.transfer)), blocks: blocks.map(singleBlock) };
    }
    case "block-merge": {
      const { left, right } = decodeCircuitInputs<CircuitInputs["block-merge"]>(inputs);
      return { children: children([left, right]), ranges: ranges([left, right]) };
    }
    case "root-one":
    case "root-two": {
      const { children: proofs, prover } = decodeCircuitInputs<CircuitInputs["root-one"]>(inputs);
      return { children: children(proofs), ranges: ranges(proofs), prover };
    }
    case "block-root-empty":
      return { inputs: blockRoot(decodeCircuitInputs<CircuitInputs["block-root-empty"]>(inputs)) };
    default: {
      const root = decodeCircuitInputs<CircuitInputs["block-root-one"]>(inputs);
      return { children: children(root.children), spans: spans(root.children), inputs: blockRoot(root) };
    }
  }
}

function blockRoot(inputs: Omit<BlockRootInputs, "children">): NoirValue {
  const {
    keyTreeRoot,
    header,
    chainId,
    rollupVersion,
    feePortal,
    previous,
    messages,
    messagePath,
    archivePath,
    startAccumulator,
  } = inputs;
  return toNoir({
    keyTreeRoot,
    header,
    chainId,
    rollupVersion,
    feePortal,
    previous,
    messages,
    messagePath,
    archivePath,
    startAccumulator,
  });
}

function singleBlock({ base, root }: SingleBlock): NoirValue {
  return { base: txBase(base), root: blockRoot(root) };
}

const emptyStep: IndexedStep = {
  isUpdate: false,
  low: { key: ZERO_FIELD, value: ZERO_FIELD, nextIndex: 0, nextKey: ZERO_FIELD },
  lowIndex: 0,
  lowPath: zeros(depth),
  newPath: zeros(depth),
};

function txBase(inputs: TxBaseInputs): NoirValue {
  const tx = publicInputsFromFields(inputs.transfer.publicInputs);
  const revert = inputs.revert ?? emptyStep;
  return {
    tx: toNoir(tx),
    encrypted_notes: toNoir(inputs.encryptedNotes),
    constants: toNoir(inputs.constants),
    anchor: toNoir(inputs.anchor),
    start: toNoir(inputs.start),
    nullifier_steps: inputs.nullifierSteps.map(nullifierStep),
    note_path: toNoir(inputs.notePath),
    write_steps: writeSteps(tx, inputs),
    reverts: inputs.revert !== null,
    revert: toNoir({ low: revert.low, lowIndex: revert.lowIndex, lowPath: revert.lowPath }),
    message_index: toNoir(inputs.message?.index ?? 0n),
    message_path: toNoir(inputs.message?.path ?? zeros(constants.MESSAGE_TREE_DEPTH)),
  };
}

function nullifierStep({ low: { key, nextIndex, nextKey }, lowIndex, lowPath, newPath }: IndexedStep): NoirValue {
  return toNoir({ low: { key, nextIndex, nextKey }, lowIndex, lowPath, newPath });
}

function writeStep({ isUpdate, low, lowIndex, lowPath, newPath }: IndexedStep): NoirValue {
  return toNoir({ isUpdate, step: { low, lowIndex, lowPath, newPath: newPath.length === 0 ? zeros(depth) : newPath } });
}

/** The steps at their positions A to D; which of them write, the transaction and the tip decide. */
function writeSteps(tx: TxPublicInputs, inputs: TxBaseInputs): NoirValue[] {
  const steps = [...inputs.writeSteps];
  const { kind } = tx.call;
  const runs = inputs.revert === null;
  const paid = tx.feePayer !== 0n;
  const debits = runs && (kind === CallKind.TRANSFER || kind === CallKind.SHIELD || kind === CallKind.WITHDRAW);
  const credits = (runs || kind === CallKind.UNSHIELD) && (kind === CallKind.TRANSFER || kind === CallKind.UNSHIELD);
  const written = kind === CallKind.DEPOSIT ? [true, paid, false] : [paid, debits, credits];
  const placed = written.map(isWritten => (isWritten ? steps.shift() : undefined));
  return [...placed, steps.shift()].map(step => writeStep(step ?? emptyStep));
}
