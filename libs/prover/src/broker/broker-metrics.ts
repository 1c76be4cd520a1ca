import type { Meter } from "@sprtn/ports";

/** How often agents vanished over a job. */
export function lostLeases(meter: Meter) {
  return meter.counter<"circuit">({
    name: "sprtn_broker_leases_lost_total",
    help: "Number of times that an agent vanished while working on a proof job",
    labels: ["circuit"],
  });
}

/** How jobs ended. */
export function endedJobs(meter: Meter) {
  return meter.counter<"circuit" | "outcome">({
    name: "sprtn_broker_jobs_total",
    help: "Proof jobs that ended, by circuit and outcome",
    labels: ["circuit", "outcome"],
  });
}
