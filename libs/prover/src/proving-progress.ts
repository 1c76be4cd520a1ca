import type { Logger, QueueStatus } from "@sprtn/ports";
import type { EpochAtWork } from "./epoch-at-work.js";
import type { ProverMetrics } from "./prover-metrics.js";

/** Less is not worth a line. */
const TELLING_SECONDS = 10;

/** Tells how far the queue and the oldest epoch are. */
export class ProvingProgress {
  /** What was told last. */
  #told = "";

  readonly #dependencies: { readonly logger: Logger; readonly metrics: ProverMetrics };

  constructor(dependencies: { readonly logger: Logger; readonly metrics: ProverMetrics }) {
    this.#dependencies = dependencies;
  }

  count(status: QueueStatus): void {
    for (const state of ["queued", "leased", "done", "failed"] as const)
      this.#dependencies.metrics.jobs.set(status[state], { state });
  }

  /** A line when the epoch's proofs have come further, as long as they take a while: simulated ones do not. */
  tell({ epoch, session }: EpochAtWork): void {
    const { logger, metrics } = this.#dependencies;
    const { done, total } = session.jobs;
    const { secondsLeft = 0 } = session;
    metrics.epochJobs.set(done, { state: "done" });
    metrics.epochJobs.set(total, { state: "total" });
    metrics.secondsLeft.set(secondsLeft);
    const told = `${epoch}/${done}`;
    if (secondsLeft < TELLING_SECONDS || told === this.#told) return;
    this.#told = told;
    logger.info(`proving epoch ${epoch}: ${done} of ${total} proofs, about ${secondsLeft} s left at this pace`);
  }
}
