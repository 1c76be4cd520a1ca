import { CodedError, type Field, type FieldHasher } from "@sprtn/primitives";
import { type CircuitName, constants as protocol, rootPublicInputsToFields } from "@sprtn/protocol";
import { blockMergeCircuit } from "./block-merge.js";
import { blockRootCircuit } from "./block-root.js";
import { CircuitError, CircuitErrorCode, constrain } from "./circuit-error.js";
import type { ChildProof, CircuitInputs, TxBaseInputs } from "./circuit-inputs.js";
import { checkKey } from "./key-tree.js";
import {
  RANGE_FIELDS,
  rangeFromFields,
  type RangePublicInputs,
  rangeToFields,
  SPAN_FIELDS,
  spanFromFields,
  spanToFields,
} from "./public-inputs.js";
import { rootCircuit } from "./root.js";
import { singleBlockCircuit } from "./single-block.js";
import { txBaseCircuit } from "./tx-base.js";
import { txMergeCircuit } from "./tx-merge.js";

const spans: readonly CircuitName[] = ["tx-base", "tx-merge"];
const ranges: readonly CircuitName[] = [
  "block-root-empty",
  "block-root-one",
  "block-root-two",
  "block-root-single",
  "block-root-pair",
  "block-merge",
];
const childCount: Partial<Record<CircuitName, number>> = {
  "block-root-empty": 0,
  "block-root-one": 1,
  "block-root-two": 2,
  "block-root-single": 1,
  "block-root-pair": 2,
  "root-one": 1,
  "root-two": 2,
};

/** Whether a child's proof is right for its key's circuit and public inputs. */
export type VerifyChild = (circuit: CircuitName, child: ChildProof) => boolean;

/** What a circuit's twin is run with. */
export interface RunCircuitDependencies {
  readonly hasher: FieldHasher;
  readonly verifyChild: VerifyChild;
}

/** Which circuits' proofs may stand in a child's position, and how many public inputs they have. */
interface ChildPosition {
  readonly allowed: readonly CircuitName[];
  readonly fields: number;
}

/** The circuits that provers run; `transfer` is the wallets'. */
export type RollupCircuit = keyof CircuitInputs;

/**
 * Runs the twin of a rollup circuit: checks its children's keys and proofs and all of its constraints, and returns its
 * public inputs.
 * @throws CircuitError CONSTRAINT, BAD_CHILD; BAD_INPUTS for inputs that are not of the circuit's form
 */
export function runCircuit<Name extends RollupCircuit>(
  { hasher, verifyChild }: RunCircuitDependencies,
  name: Name,
  inputs: CircuitInputs[Name],
): Field[] {
  const child = (proof: ChildProof, keyTreeRoot: Field, position: ChildPosition): readonly Field[] => {
    const circuit = checkKey(hasher, proof.key, { keyTreeRoot, allowed: position.allowed });
    constrain(proof.publicInputs.length === position.fields, "a child has another number of public inputs");
    if (!verifyChild(circuit, proof))
      throw new CircuitError(
        CircuitErrorCode.BAD_CHILD,
        `the proof of a ${circuit} child of ${name} does not verify: have the child proven again`,
      );
    return proof.publicInputs;
  };
  const span = (proof: ChildProof) => {
    const keyTreeRoot = proof.publicInputs[1] as Field;
    return spanFromFields(child(proof, keyTreeRoot, { allowed: spans, fields: SPAN_FIELDS }));
  };
  const range = (proof: ChildProof) => {
    const keyTreeRoot = proof.publicInputs[0] as Field;
    return rangeFromFields(child(proof, keyTreeRoot, { allowed: ranges, fields: RANGE_FIELDS }));
  };
  const transfer = ({ transfer: proof }: TxBaseInputs, keyTreeRoot: Field) =>
    child(proof, keyTreeRoot, { allowed: ["transfer"], fields: protocol.TX_PUBLIC_INPUTS });
  try {
    switch (name) {
      case "tx-base": {
        const base = inputs as CircuitInputs["tx-base"];
        transfer(base, base.constants.keyTreeRoot);
        return spanToFields(txBaseCircuit(hasher, base));
      }
      case "tx-merge": {
        const { left, right } = inputs as CircuitInputs["tx-merge"];
        return spanToFields(txMergeCircuit(span(left), span(right)));
      }
      case "block-root-single":
      case "block-root-pair": {
        const { blocks } = inputs as CircuitInputs["block-root-pair"];
        constrain(blocks.length === childCount[name], "wrong number of children");
        const [left, right] = blocks.map(block => {
          transfer(block.base, block.root.keyTreeRoot);
          return singleBlockCircuit(hasher, block);
        });
        return rangeToFields(
          left !== undefined && right !== undefined ? blockMergeCircuit(left, right) : (left as RangePublicInputs),
        );
      }
      case "block-merge": {
        const { left, right } = inputs as CircuitInputs["block-merge"];
        return rangeToFields(blockMergeCircuit(range(left), range(right)));
      }
      case "root-one":
      case "root-two": {
        const { children, prover } = inputs as CircuitInputs["root-one"];
        constrain(children.length === childCount[name], "wrong number of children");
        return rootPublicInputsToFields(rootCircuit(children.map(range), prover));
      }
      default: {
        const root = inputs as CircuitInputs["block-root-one"];
        constrain(root.children.length === childCount[name], "wrong number of children");
        return rangeToFields(blockRootCircuit(hasher, root, { spans: root.children.map(span) }));
      }
    }
  } catch (error) {
    if (error instanceof CodedError) throw error;
    throw new CircuitError(
      CircuitErrorCode.BAD_INPUTS,
      `these are not inputs of ${name}: the job is damaged and must be created again`,
      {},
      { cause: error },
    );
  }
}
