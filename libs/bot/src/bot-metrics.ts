import type { Counter, Gauge, Histogram, Meter } from "@sprtn/ports";

export interface BotMetrics {
  readonly txs: Counter<"kind" | "outcome">;
  readonly stageSeconds: Histogram<"kind" | "stage">;
  readonly pending: Gauge;
  readonly targetRate: Gauge;
  readonly topUps: Counter;
}

export function botMetrics(meter: Meter): BotMetrics {
  return {
    txs: meter.counter({
      name: "sprtn_bot_txs_total",
      help: "Payments by kind and outcome",
      labels: ["kind", "outcome"],
    }),
    stageSeconds: meter.histogram({
      name: "sprtn_bot_stage_seconds",
      help: "Time from the decision to pay to each stage of confirmation",
      labels: ["kind", "stage"],
      buckets: [0.1, 0.5, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120],
    }),
    pending: meter.gauge({
      name: "sprtn_bot_pending_txs",
      help: "Payments in flight that have not reached the awaited stage",
    }),
    targetRate: meter.gauge({ name: "sprtn_bot_target_txs_per_second", help: "What the schedule asks for now" }),
    topUps: meter.counter({ name: "sprtn_bot_top_ups_total", help: "Deposits from L1 that were claimed" }),
  };
}
