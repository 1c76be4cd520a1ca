import type { JobOutcome } from "@sprtn/ports";
import { counted } from "@sprtn/primitives";
import { ProverError, ProverErrorCode } from "../prover-error.js";

// What every queue says alike, wherever it keeps its jobs.

export type JobFailure = { readonly code: string; readonly reason: string };

export function unknownJob(id: string): ProverError {
  return new ProverError(
    ProverErrorCode.UNKNOWN_JOB,
    "the broker does not know this job: its epoch is over, or it belongs to another broker",
    { job: id },
  );
}

export function wrongProof(id: string): ProverError {
  return new ProverError(
    ProverErrorCode.WRONG_PROOF,
    "the proof does not verify: check the agent's machine and version",
    { job: id },
  );
}

/** Why a job goes to another agent after `agent` sent a wrong proof. */
export const wrongProofOf = (agent: string): JobFailure => ({
  code: ProverErrorCode.WRONG_PROOF,
  reason: `${agent} sent a proof that does not verify`,
});

/** For who still waits for a job that is gone. */
export const forgotten: JobOutcome = {
  status: "failed",
  code: ProverErrorCode.UNKNOWN_JOB,
  reason: "the job was discarded: its epoch was proven or removed",
};

export const failedAfter = (attempts: number, { code, reason }: JobFailure): JobOutcome & JobFailure => ({
  status: "failed",
  code,
  reason: `${reason} (tried ${counted(attempts, "time")})`,
});

/** Of a job over which so many agents have vanished. */
export const leasesLost = (lost: number): JobFailure => ({
  code: ProverErrorCode.LEASES_LOST,
  reason:
    `${counted(lost, "agent")} vanished while working on it: check whether it needs more memory than an agent has, ` +
    "or makes agents crash",
});

/** Said once for a job. */
export const VANISHING =
  "agents vanish while working on a proof job; it will be tried again after the others of its epoch";

/** Two heartbeats may be lost before a lease is. */
export const heartbeatMs = (leaseMs: number): number => Math.max(1, Math.floor(leaseMs / 3));
