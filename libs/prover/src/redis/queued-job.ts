import type { Proof } from "@sprtn/ports";
import { decodeCircuitInputs as decodeRecord } from "@sprtn/state-transition/circuits";
import type { CircuitName } from "@sprtn/protocol";
import type { QueuedJob } from "./circuit-queue.js";
import type { JobPlace } from "./job-index.js";

// What BullMQ's record of a job says.

export const hasEnded = (job: QueuedJob): boolean => typeof job.finishedOn === "number";
/** BullMQ keeps the reason of a failure that was followed by another try: only a proof tells that a job is done. */
export const hasFailed = (job: QueuedJob): boolean => hasEnded(job) && typeof job.returnvalue !== "string";
export const attemptsOf = (job: QueuedJob): number => job.opts.attempts ?? 1;
/** Times that it was given out, except for those in which its agent vanished. */
export const triesOf = (job: QueuedJob): number => job.attemptsStarted - job.stalledCounter;
export const agentOf = (lease: string): string => lease.slice(0, lease.lastIndexOf("/"));

export const placeOf = (circuit: CircuitName, job: QueuedJob): JobPlace => ({
  id: job.id as string,
  circuit,
  epoch: job.data.epoch,
});

/** What an agent wrote may be anything. */
export function asProof(bytes: Uint8Array): Proof | undefined {
  try {
    const proof = decodeRecord<Proof>(bytes);
    return Array.isArray(proof.publicInputs) && proof.bytes instanceof Uint8Array ? proof : undefined;
  } catch {
    return undefined;
  }
}
