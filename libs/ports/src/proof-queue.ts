import type { CircuitName } from "@sprtn/protocol";
import type { Proof } from "./proof-backend.js";

/**
 * One proof to be made. The same circuit on the same inputs is the same job, no matter who requests it and how often.
 */
export interface ProofJob {
  /** Content hash of circuit and inputs, hex. */
  readonly id: string;
  readonly circuit: CircuitName;
  readonly epoch: number;
  /** Distance from the leaves: of one epoch's jobs, those nearer to the root go first. */
  readonly height: number;
  readonly inputs: Uint8Array;
}

/** How a job ended: with a proof that verifies, or given up. */
export type JobOutcome =
  | { readonly status: "done"; readonly proof: Proof }
  | { readonly status: "failed"; readonly code: string; readonly reason: string };

/** A job that is not done and that an agent has failed, or was lost over. */
export interface JobTrouble {
  readonly job: string;
  readonly circuit: CircuitName;
  readonly epoch: number;
  readonly code: string;
  readonly reason: string;
}

/** Jobs by state, those of all epochs that are not forgotten. */
export interface QueueStatus {
  readonly queued: number;
  readonly leased: number;
  readonly done: number;
  readonly failed: number;
}

/** What an orchestrator asks of a broker. */
export interface ProofQueue {
  /** Resolves once the job is durable; without effect for one that is known. */
  enqueue(job: ProofJob): Promise<void>;
  /** Resolves when the job has ended, at once if it had already. */
  outcome(id: string, signal: AbortSignal): Promise<JobOutcome>;
  /** Forgets the jobs of epochs below `epoch`. */
  forgetBefore(epoch: number): Promise<void>;
  status(): QueueStatus;
  /** What keeps jobs from being done, as it was last seen. */
  troubles(): Promise<readonly JobTrouble[]>;
}

/** A job that an agent has, until it stops sending heartbeats. */
export interface LeasedJob extends ProofJob {
  /** Shows in heartbeats and results that the job is still this agent's. */
  readonly lease: string;
  readonly heartbeatMs: number;
}

/** What an agent asks of a broker, in the same process or over HTTP. */
export interface JobSource {
  take(agent: string, circuits: readonly CircuitName[]): Promise<LeasedJob | null>;
  /** False when the lease has been lost: the agent should stop. */
  heartbeat(id: string, lease: string): Promise<boolean>;
  complete(id: string, lease: string, proof: Proof): Promise<void>;
  /** `retry` false: the inputs are at fault, no agent can prove them. */
  fail(
    id: string,
    lease: string,
    error: { readonly code: string; readonly reason: string; readonly retry: boolean },
  ): Promise<void>;
  /** Gives a job back as it was, for an agent that stops: no try of it counts. Without effect if the lease is lost. */
  release(id: string, lease: string): Promise<void>;
}
