import { concatBytes, fieldToBytes } from "@sprtn/primitives";
import type { Proof, ProofBackend } from "@sprtn/ports";
import type { CircuitName } from "@sprtn/protocol";
import { orAborted, SerialQueue } from "@sprtn/runtime";
import { CircuitError, CircuitErrorCode } from "@sprtn/state-transition/circuits";
import { bytecodeOf } from "../barretenberg/gunzip.js";
import type { ProofEngine } from "../barretenberg/proof-engine.js";
import { readVerificationKey } from "../barretenberg/verification-key.js";
import { type CircuitKeys, proofTargetOf } from "../keys/circuit-keys.js";
import { KeysError, KeysErrorCode } from "../keys/keys-error.js";
import type { readCompiledCircuit } from "../noir/compiled-circuit.js";
import type { WitnessSolver } from "../noir/witness-solver.js";

/** Engines of a kind; each is made when it is first needed. */
export interface ProofEngines {
  /** One whose CRS has at least that many points: waits until it has them. */
  forProving(points: number): Promise<ProofEngine>;
  /** Needs no CRS. */
  forVerifying(): Promise<ProofEngine>;
  close(): Promise<void>;
}

/** What solves, what proves, under which keys. */
export interface RealBackendDependencies {
  readonly engines: ProofEngines;
  readonly solver: WitnessSolver;
  readonly keys: CircuitKeys;
  readonly readCircuit: typeof readCompiledCircuit;
}

const MAX_WAITING_CLIENTS = 1000;

/**
 * The first byte of a root's proof on L1: how many children it has, and so which of its two verifiers takes it
 * (RootVerifier.sol).
 */
const rootKinds: Partial<Record<CircuitName, number>> = { "root-one": 1, "root-two": 2 };

/**
 * UltraHonk proofs by Barretenberg of the Noir circuits, under the keys of one reference string. Every proof is
 * verified before it is handed on.
 */
export class RealBackend implements ProofBackend {
  readonly mode = "real";
  readonly #bytecodes = new Map<CircuitName, Promise<Uint8Array>>();
  /**
   * One client proof takes every core for a second: a wallet that pays many at once gets them no sooner from many
   * processes. How many rollup proofs at a time, agents say.
   */
  readonly #clients = new SerialQueue({ name: "client proofs", maxWaiting: MAX_WAITING_CLIENTS });

  readonly #dependencies: RealBackendDependencies;

  constructor(dependencies: RealBackendDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * @throws CircuitError CONSTRAINT, BAD_INPUTS; BAD_CHILD for a proof that does not verify: what it was made of holds
   *   a child's proof that does not;
   * KeysError STALE, NoirError, BarretenbergError, CrsError; ABORTED when `signal` fires, also while points of the CRS
   *   are being prepared; QUEUE_FULL for a client proof behind a thousand others
   */
  prove(circuit: CircuitName, inputs: Uint8Array, signal?: AbortSignal): Promise<Proof> {
    return circuit === "transfer"
      ? this.#clients.run(() => this.#prove(circuit, inputs, signal), signal)
      : this.#prove(circuit, inputs, signal);
  }

  async #prove(circuit: CircuitName, inputs: Uint8Array, signal: AbortSignal | undefined): Promise<Proof> {
    const { engines, solver, keys } = this.#dependencies;
    const { verificationKey } = keys[circuit];
    const target = proofTargetOf(circuit);
    const bytecode = await this.#bytecode(circuit);
    const points = 2 ** (readVerificationKey(verificationKey, target)?.logSize ?? 0);
    // Both are useful to other proofs as well, and take no signal; the points may take minutes to appear.
    const engine = await orAborted(engines.forProving(points), { what: "waiting for the CRS", signal });
    const { witness, publicInputs } = await orAborted(solver.solve(circuit, inputs), { what: "solving", signal });
    const made = await engine.prove({ bytecode, witness, verificationKey, target }, signal);
    const kind = rootKinds[circuit];
    const bytes = kind === undefined ? made.proof : concatBytes(Uint8Array.of(kind), made.proof);
    const proof: Proof = { circuit, publicInputs, bytes, ...(made.usage === undefined ? {} : { usage: made.usage }) };
    if (await this.verify(proof)) return proof;
    throw new CircuitError(
      CircuitErrorCode.BAD_CHILD,
      `the proof of ${circuit} does not verify: one of its child proofs is wrong, or this machine computes ` +
        "incorrectly; have the children proven again",
    );
  }

  async verify({ circuit, publicInputs, bytes }: Proof): Promise<boolean> {
    const kind = rootKinds[circuit];
    if (kind !== undefined && bytes[0] !== kind) return false;
    const engine = await this.#dependencies.engines.forVerifying();
    return engine.verify({
      proof: kind === undefined ? bytes : bytes.subarray(1),
      publicInputs: concatBytes(...publicInputs.map(fieldToBytes)),
      verificationKey: this.#dependencies.keys[circuit].verificationKey,
      target: proofTargetOf(circuit),
    });
  }

  async close(): Promise<void> {
    await this.#dependencies.solver.close();
    await this.#dependencies.engines.close();
  }

  #bytecode(circuit: CircuitName): Promise<Uint8Array> {
    const known = this.#bytecodes.get(circuit) ?? this.#read(circuit);
    this.#bytecodes.set(circuit, known);
    known.catch(() => this.#bytecodes.delete(circuit));
    return known;
  }

  async #read(circuit: CircuitName): Promise<Uint8Array> {
    const compiled = await this.#dependencies.readCircuit(circuit);
    if (compiled.hash !== this.#dependencies.keys[circuit].circuitHash) {
      throw new KeysError(
        KeysErrorCode.STALE,
        `the keys do not belong to the compiled circuit ${circuit}: build again, or derive the keys again ` +
          "(docs/proving.md)",
        { circuit },
      );
    }
    return bytecodeOf(compiled.bytecode);
  }
}
