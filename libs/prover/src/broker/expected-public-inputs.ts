import type { Field, FieldHasher } from "@sprtn/primitives";
import { type CircuitName, decodeTransferWitness, publicInputsToFields } from "@sprtn/protocol";
import {
  type CircuitInputs,
  decodeCircuitInputs,
  type RollupCircuit,
  runCircuit,
  transferCircuit,
} from "@sprtn/state-transition/circuits";

/** The public inputs that a proof of these inputs has: the circuit's twin tells, without proving. */
export type ExpectedPublicInputs = (circuit: CircuitName, inputs: Uint8Array) => readonly Field[];

/** Runs the circuit's twin; its children's proofs were checked when they were handed in. */
export function expectedPublicInputs(hasher: FieldHasher): ExpectedPublicInputs {
  return (circuit, inputs) =>
    circuit === "transfer"
      ? publicInputsToFields(transferCircuit(hasher, decodeTransferWitness(inputs)))
      : runCircuit(
          { hasher, verifyChild: () => true },
          circuit,
          decodeCircuitInputs<CircuitInputs[RollupCircuit]>(inputs),
        );
}
