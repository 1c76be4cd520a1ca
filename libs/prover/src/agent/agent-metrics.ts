import type { Meter } from "@sprtn/ports";

/** Time of proofs, by circuit. */
export function proveSeconds(meter: Meter) {
  return meter.histogram<"circuit">({
    name: "sprtn_agent_prove_seconds",
    help: "Time to make a proof",
    labels: ["circuit"],
    buckets: [0.01, 0.1, 1, 5, 10, 20, 40, 80, 160],
  });
}
