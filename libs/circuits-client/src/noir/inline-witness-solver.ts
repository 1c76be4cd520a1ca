import { CodedError } from "@sprtn/primitives";
import type { CircuitName } from "@sprtn/protocol";
import type { CompiledCircuit } from "@noir-lang/noir_js";
import { CircuitError, CircuitErrorCode } from "@sprtn/state-transition/circuits";
import { type KeyFieldsAt, noirInputs, type NoirInputs } from "./noir-inputs.js";
import { solveWitness } from "./solve-witness.js";
import type { SolvedWitness, WitnessSolver } from "./witness-solver.js";

/** Where compiled circuits come from, and the keys that recursive ones verify under. */
export interface InlineWitnessSolverDependencies {
  readonly readCircuit: (name: CircuitName) => Promise<CompiledCircuit>;
  readonly keyFieldsAt: KeyFieldsAt;
}

/**
 * Solves on the caller's own thread: about 0.15 s for a transaction's base. What a browser's wallet and the worker of
 * {@link WorkerWitnessSolver} use.
 */
export class InlineWitnessSolver implements WitnessSolver {
  readonly #circuits = new Map<CircuitName, Promise<CompiledCircuit>>();

  readonly #dependencies: InlineWitnessSolverDependencies;

  constructor(dependencies: InlineWitnessSolverDependencies) {
    this.#dependencies = dependencies;
  }

  async solve(circuit: CircuitName, inputs: Uint8Array): Promise<SolvedWitness> {
    const compiled = this.#circuits.get(circuit) ?? this.#dependencies.readCircuit(circuit);
    this.#circuits.set(circuit, compiled);
    return solveWitness(await compiled, this.#inputs(circuit, inputs));
  }

  #inputs(circuit: CircuitName, inputs: Uint8Array): NoirInputs {
    try {
      return noirInputs(circuit, inputs, this.#dependencies.keyFieldsAt);
    } catch (error) {
      if (error instanceof CodedError) throw error;
      throw new CircuitError(
        CircuitErrorCode.BAD_INPUTS,
        `these are not inputs of ${circuit}: the job is damaged and must be created again`,
        {},
        { cause: error },
      );
    }
  }

  async close(): Promise<void> {
    this.#circuits.clear();
  }
}
