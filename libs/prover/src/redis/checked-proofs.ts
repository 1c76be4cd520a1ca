import type { Proof } from "@sprtn/ports";
import { LruMap } from "@sprtn/runtime";
import { decodeCircuitInputs as decodeRecord } from "@sprtn/state-transition/circuits";
import { isProofOf, type ProofCheckDependencies } from "../broker/is-proof-of.js";
import type { BlobStore } from "./blob-store.js";
import type { QueuedJob } from "./circuit-queue.js";
import type { JobPlace } from "./job-index.js";
import { asProof } from "./queued-job.js";

/** Jobs whose checked proofs are remembered. */
const CHECKED_JOBS = 4096;
const ASKED_JOBS = 16_384;

/**
 * Which proofs in Redis this process may rely on: those that it has checked itself, on the inputs that it asked for.
 */
export class CheckedProofs {
  /** Hashes of the proofs, by job. */
  readonly #checked = new LruMap<string, string>(CHECKED_JOBS);
  /** Hashes of the inputs, by job: whatever Redis says. */
  readonly #asked = new LruMap<string, string>(ASKED_JOBS);

  readonly #dependencies: ProofCheckDependencies;

  constructor(
    dependencies: ProofCheckDependencies,
    private readonly blobs: BlobStore,
  ) {
    this.#dependencies = dependencies;
  }

  /** This process asks for a proof on the inputs of this hash. */
  noteInputs(job: string, hash: string): void {
    this.#asked.set(job, hash);
  }

  /** This process has checked the proof of this hash. */
  noteProof(job: string, hash: string): void {
    this.#checked.set(job, hash);
  }

  /** The inputs that a proof of the job has to be of; `undefined` if Redis has lost them. */
  inputs({ id, epoch }: JobPlace, job: QueuedJob): Promise<Uint8Array | undefined> {
    return this.blobs.get(epoch, this.#asked.get(id) ?? job.data.inputs);
  }

  /** The proof of a job that is done; `undefined` if it is gone or wrong. */
  async proof({ id, circuit, epoch }: JobPlace, job: QueuedJob): Promise<Proof | undefined> {
    const bytes = await this.blobs.get(epoch, job.returnvalue);
    if (bytes === undefined) return undefined;
    if (this.#checked.get(id) === job.returnvalue) return decodeRecord<Proof>(bytes);
    const inputs = await this.inputs({ id, circuit, epoch }, job);
    const proof = asProof(bytes);
    if (
      proof === undefined ||
      inputs === undefined ||
      !(await isProofOf(this.#dependencies, { circuit, inputs }, proof))
    )
      return undefined;
    this.#checked.set(id, job.returnvalue);
    return proof;
  }
}
