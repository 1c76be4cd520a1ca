import { codeOf, type Field, type FieldHasher } from "@sprtn/primitives";
import { type CircuitName, decodeTransferWitness, leftLeafCount, publicInputsToFields } from "@sprtn/protocol";
import {
  type ChildProof,
  CircuitError,
  type CircuitInputs,
  decodeCircuitInputs,
  encodeCircuitInputs,
  type KeyTree,
  type RollupCircuit,
  runCircuit,
  transferCircuit,
} from "@sprtn/state-transition/circuits";
import type { CompiledCircuit } from "@noir-lang/noir_js";
import { expect } from "chai";
import { readCompiledCircuit } from "../noir/compiled-circuit.js";
import { noirInputs, type NoirInputs } from "../noir/noir-inputs.js";
import { solveWitness } from "../noir/solve-witness.js";

/** What an execution gave: public inputs, or the constraint that failed. */
export type Outcome = readonly Field[] | string;

const noKey = Array.from({ length: 115 }, () => 0n);
const proofBytes = (circuit: CircuitName) => 32 * (circuit === "transfer" ? 458 : 410);

/**
 * Executes circuits in Noir and as their TypeScript twins, and holds the two together. Children's proofs are zeros:
 * witness generation looks at none.
 */
export class NoirTwin {
  readonly #compiled = new Map<CircuitName, CompiledCircuit>();

  constructor(
    private readonly hasher: FieldHasher,
    private readonly keys: KeyTree,
  ) {}

  /** What both say: the same public inputs, or the same failed constraint. */
  async run(circuit: CircuitName, inputs: Uint8Array): Promise<Outcome> {
    const twin = await outcome(async () => this.#twin(circuit, inputs));
    const noir = await outcome(
      async () => (await solveWitness(await this.circuit(circuit), this.noirInputs(circuit, inputs))).publicInputs,
    );
    expect(noir, circuit).to.deep.equal(twin);
    return twin;
  }

  async circuit(name: CircuitName): Promise<CompiledCircuit> {
    const known = this.#compiled.get(name) ?? (await readCompiledCircuit(name));
    this.#compiled.set(name, known);
    return known;
  }

  /** As the circuit takes them: for a look at the circuit alone. */
  noirInputs(circuit: CircuitName, inputs: Uint8Array): NoirInputs {
    return noirInputs(circuit, inputs, () => noKey);
  }

  /** As a child of the next circuit, for inputs that satisfy this one. */
  async prove<Name extends RollupCircuit>(circuit: Name, inputs: CircuitInputs[Name]): Promise<ChildProof> {
    const publicInputs = await this.run(circuit, encodeCircuitInputs(inputs));
    expect(publicInputs, circuit).to.be.an("array");
    return this.child(circuit, publicInputs as readonly Field[]);
  }

  /** The 0 to 2 children of a block root: the left-filled tree of a block's spans without its root. */
  async fold(spans: readonly ChildProof[]): Promise<readonly ChildProof[]> {
    if (spans.length <= 2) return spans;
    const split = leftLeafCount(spans.length);
    return [await this.#span(spans.slice(0, split)), await this.#span(spans.slice(split))];
  }

  async #span(spans: readonly ChildProof[]): Promise<ChildProof> {
    const [left, right] = await this.fold(spans);
    return right === undefined ? left! : this.prove("tx-merge", { left: left!, right });
  }

  /** What only the twin says: for children whose own execution is looked at elsewhere. */
  assume<Name extends RollupCircuit>(circuit: Name, inputs: CircuitInputs[Name]): ChildProof {
    return this.child(circuit, runCircuit({ hasher: this.hasher, verifyChild: () => true }, circuit, inputs));
  }

  child(circuit: CircuitName, publicInputs: readonly Field[]): ChildProof {
    return { key: this.keys.witness(circuit), publicInputs, proof: new Uint8Array(proofBytes(circuit)) };
  }

  #twin(circuit: CircuitName, inputs: Uint8Array): readonly Field[] {
    if (circuit === "transfer")
      return publicInputsToFields(transferCircuit(this.hasher, decodeTransferWitness(inputs)));
    return runCircuit(
      { hasher: this.hasher, verifyChild: () => true },
      circuit,
      decodeCircuitInputs<CircuitInputs[RollupCircuit]>(inputs),
    );
  }
}

async function outcome(execute: () => Promise<readonly Field[]>): Promise<Outcome> {
  try {
    return await execute();
  } catch (error) {
    if (error instanceof CircuitError && error.payload.constraint !== undefined) return error.payload.constraint;
    throw new Error(`neither public inputs nor a constraint: ${codeOf(error)}`, { cause: error });
  }
}
