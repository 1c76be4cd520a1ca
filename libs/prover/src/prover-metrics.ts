import type { Meter } from "@sprtn/ports";

/** What a prover node measures. */
export type ProverMetrics = ReturnType<typeof createProverMetrics>;

export function createProverMetrics(meter: Meter) {
  return {
    jobs: meter.gauge<"state">({
      name: "sprtn_prover_jobs",
      help: "Proof jobs in the queue by state",
      labels: ["state"],
    }),
    epochJobs: meter.gauge<"state">({
      name: "sprtn_prover_epoch_jobs",
      help: "Proofs of the oldest unproven epoch: done and total",
      labels: ["state"],
    }),
    secondsLeft: meter.gauge({
      name: "sprtn_prover_epoch_seconds_left",
      help: "Estimated time until the oldest unproven epoch's proofs are done, at the current pace",
      labels: [],
    }),
  };
}

/** Proofs sent to L1, by outcome. */
export function submissions(meter: Meter) {
  return meter.counter<"outcome">({
    name: "sprtn_prover_submissions_total",
    help: "Epoch proofs sent to L1 by outcome",
    labels: ["outcome"],
  });
}
