import type { FieldHasher } from "@sprtn/primitives";
import { decodeTransferWitness, publicInputsToFields } from "@sprtn/protocol";
import { type CircuitInputs, decodeCircuitInputs, type RollupCircuit, runCircuit, transferCircuit } from "@sprtn/state-transition/circuits";
import type { ExpectedPublicInputs } from "./broker.js";

/** Runs the circuit's twin; its children's proofs were checked when they were handed in. */
export function expectedPublicInputs(hasher: FieldHasher): ExpectedPublicInputs {
  return (circuit, inputs) =>
    circuit === "transfer" ? publicInputsToFields(transferCircuit(hasher, decodeTransferWitness(inputs))) : runCircuit(hasher, circuit, decodeCircuitInputs<CircuitInputs[RollupCircuit]>(inputs), () => true);
}
