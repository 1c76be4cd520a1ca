/**
 * Who will verify the proof:
 * - noir-recursive: a circuit; zero knowledge, for what a client proves of its secrets
 * - noir-recursive-no-zk: a circuit; for rollup circuits, which have no secrets
 * - evm-no-zk: a contract on L1 (Keccak transcript)
 */
export type ProofTarget = "noir-recursive" | "noir-recursive-no-zk" | "evm-no-zk";

/** One proof to be made: circuit, solved witness, key. */
export interface ProveRequest {
  /** The ACIR program itself, not gzipped: what `bytecodeOf` gives for an artefact's `bytecode`. */
  readonly bytecode: Uint8Array;
  /** As noir_js gives it, gzipped. */
  readonly witness: Uint8Array;
  /**
   * The circuit's own for this target. It is not checked against the bytecode: under another key the proof is
   * worthless.
   */
  readonly verificationKey: Uint8Array;
  readonly target: ProofTarget;
}

/** One proof to be verified, under the key that the caller trusts. */
export interface VerifyRequest {
  readonly proof: Uint8Array;
  /** 32 bytes each. */
  readonly publicInputs: Uint8Array;
  readonly verificationKey: Uint8Array;
  readonly target: ProofTarget;
}

/** What one proof took, all threads together. */
export interface ProcessUsage {
  readonly cpuSeconds: number;
  readonly peakMemoryBytes: number;
}

/** A proof as Barretenberg gives it. */
export interface MadeProof {
  readonly proof: Uint8Array;
  /** 32 bytes each, without the eight with which every proof begins inside Barretenberg. */
  readonly publicInputs: Uint8Array;
  /** Where the system tells: native processes on Linux. */
  readonly usage?: ProcessUsage;
}

/** UltraHonk by Barretenberg, for any circuit. */
export interface ProofEngine {
  /**
   * The proof is NOT verified: a witness that breaks a constraint, a wrong inner proof and a wrong key all give a proof
   * that does not verify, so verify what you get.
   * @throws a BarretenbergError, or ABORTED
   */
  prove(request: ProveRequest, signal?: AbortSignal): Promise<MadeProof>;
  /**
   * False for whatever is not a valid proof, of any length.
   * @throws a BarretenbergError only when Barretenberg itself does not work here
   */
  verify(request: VerifyRequest): Promise<boolean>;
  /** Ends what is running; resolves when nothing runs any more. */
  close(): Promise<void>;
}
