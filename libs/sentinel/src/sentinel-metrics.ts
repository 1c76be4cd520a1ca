import type { Meter } from "@sprtn/ports";

/** What validators did of their duties. */
export function dutiesJudged(meter: Meter) {
  return meter.counter<"duty" | "status">({
    name: "sprtn_sentinel_duties_total",
    help: "Duties of all validators that this node has judged, by what became of them",
    labels: ["duty", "status"],
  });
}

/** Own duties that were not done. */
export function ownMissed(meter: Meter) {
  return meter.counter<"duty">({
    name: "sprtn_sentinel_own_missed_total",
    help: "Duties that this node's own key has missed",
    labels: ["duty"],
  });
}
