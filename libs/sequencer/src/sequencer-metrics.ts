import type { Meter } from "@sprtn/ports";

/** Time of a slot's steps. */
export function stepSeconds(meter: Meter) {
  return meter.histogram<"step">({
    name: "sprtn_sequencer_step_seconds",
    help: "Duration of each step of a proposer's slot",
    labels: ["step"],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16],
  });
}

/** What became of own slots. */
export function ownSlots(meter: Meter) {
  return meter.counter<"outcome">({
    name: "sprtn_sequencer_slots_total",
    help: "Own slots by outcome",
    labels: ["outcome"],
  });
}

/** Transactions that an epoch needs besides its blocks. */
export function epochDutiesSent(meter: Meter) {
  return meter.counter<"outcome">({
    name: "sprtn_sequencer_epoch_duties_total",
    help: "Transactions that touch the Rollup or set up the next committee, by outcome",
    labels: ["outcome"],
  });
}
