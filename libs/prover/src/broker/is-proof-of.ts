import type { Proof, ProofBackend, ProofJob } from "@sprtn/ports";
import type { ExpectedPublicInputs } from "./expected-public-inputs.js";

export interface ProofCheckDependencies {
  /** Checks every proof before it is handed on. */
  readonly backend: ProofBackend;
  /** A proof that verifies may still be of other inputs than the job's. */
  readonly expected: ExpectedPublicInputs;
}

/** Whether a proof says what its job was to prove, and is true. */
export async function isProofOf(
  { backend, expected }: ProofCheckDependencies,
  job: Pick<ProofJob, "circuit" | "inputs">,
  proof: Proof,
): Promise<boolean> {
  if (proof.circuit !== job.circuit) return false;
  const right = expected(job.circuit, job.inputs);
  return (
    right.length === proof.publicInputs.length &&
    right.every((field, i) => field === proof.publicInputs[i]) &&
    backend.verify(proof)
  );
}
