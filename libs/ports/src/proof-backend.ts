import type { Field } from "@sprtn/primitives";
import type { CircuitName } from "@sprtn/protocol";

/** A proof with what it shows. */
export interface Proof {
  readonly circuit: CircuitName;
  readonly publicInputs: readonly Field[];
  readonly bytes: Uint8Array;
  /** What making it took, all threads together, where the system tells. */
  readonly usage?: { readonly cpuSeconds: number; readonly peakMemoryBytes: number };
}

/**
 * Makes and checks proofs; the inputs of each circuit are state-transition's, as their encoded bytes.
 * @throws a coded error for inputs that violate a constraint
 */
export interface ProofBackend {
  readonly mode: "real" | "simulated";
  prove(circuit: CircuitName, inputs: Uint8Array, signal?: AbortSignal): Promise<Proof>;
  verify(proof: Proof): Promise<boolean>;
}
