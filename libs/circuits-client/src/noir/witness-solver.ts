import type { Field } from "@sprtn/primitives";
import type { CircuitName } from "@sprtn/protocol";

/** All values of a circuit for some inputs: it satisfies every constraint. */
export interface SolvedWitness {
  /** As Barretenberg takes it: gzipped. */
  readonly witness: Uint8Array;
  readonly publicInputs: readonly Field[];
}

/** Executes circuits on the inputs that jobs carry. Inner proofs are not checked by that. */
export interface WitnessSolver {
  /** @throws CircuitError CONSTRAINT, with the same `constraint` as the circuit's twin, BAD_INPUTS; NoirError */
  solve(circuit: CircuitName, inputs: Uint8Array): Promise<SolvedWitness>;
  close(): Promise<void>;
}
