import { circuitGates } from "@sprtn/circuits";
import type { Field, FieldHasher } from "@sprtn/primitives";
import type { CircuitName, Clock, Proof, ProofBackend } from "@sprtn/ports";
import { decodeTransferWitness, publicInputsToFields } from "@sprtn/protocol";
import { sleep } from "@sprtn/runtime";
import {
  type ChildProof,
  type CircuitInputs,
  decodeCircuitInputs,
  type RollupCircuit,
  runCircuit,
  transferCircuit,
} from "@sprtn/state-transition/circuits";
import { isSimulatedProof, simulatedProof } from "./simulated-proof.js";

/** The hash that the circuits' twins compute with, and the clock of the simulated delay. */
export interface SimulatedBackendDependencies {
  readonly hasher: FieldHasher;
  readonly clock: Clock;
}

/**
 * Proves nothing: runs the TypeScript twin of the circuit, with all its checks, and emits a marker of the real proof's
 * size (PROV-6).
 */
export class SimulatedBackend implements ProofBackend {
  readonly mode = "simulated";

  readonly #dependencies: SimulatedBackendDependencies;

  constructor(
    dependencies: SimulatedBackendDependencies,
    private readonly settings: { readonly baseDelayMs: number },
  ) {
    this.#dependencies = dependencies;
  }

  async prove(circuit: CircuitName, inputs: Uint8Array, signal?: AbortSignal): Promise<Proof> {
    const publicInputs = this.#run(circuit, inputs);
    const delayMs = this.settings.baseDelayMs * (circuitGates[circuit] / circuitGates["tx-base"]);
    if (delayMs > 0) await sleep(this.#dependencies.clock, delayMs, signal);
    return { circuit, publicInputs, bytes: simulatedProof(circuit, publicInputs) };
  }

  async verify(proof: Proof): Promise<boolean> {
    return isSimulatedProof(proof);
  }

  #run(circuit: CircuitName, inputs: Uint8Array): Field[] {
    const { hasher } = this.#dependencies;
    if (circuit === "transfer") return publicInputsToFields(transferCircuit(hasher, decodeTransferWitness(inputs)));
    const verifyChild = (name: CircuitName, child: ChildProof) =>
      isSimulatedProof({ circuit: name, publicInputs: child.publicInputs, bytes: child.proof });
    return runCircuit({ hasher, verifyChild }, circuit, decodeCircuitInputs<CircuitInputs[RollupCircuit]>(inputs));
  }
}
