import type { Counter, Gauge, Histogram, Meter } from "@sprtn/ports";

export interface ArchiverMetrics {
  readonly syncSeconds: Histogram;
  readonly blocks: Counter;
  readonly txs: Counter;
  readonly l1Lag: Gauge;
  readonly reorgDepth: Histogram;
  readonly prunes: Counter;
  readonly badBlock: Gauge;
  readonly tip: Gauge<"chain">;
}

export function createArchiverMetrics(meter: Meter): ArchiverMetrics {
  return {
    syncSeconds: meter.histogram({
      name: "sprtn_archiver_sync_seconds",
      help: "Time from reading a range of L1 blocks to having stored and applied it",
      buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
    }),
    blocks: meter.counter({ name: "sprtn_archiver_blocks_total", help: "Blocks followed" }),
    txs: meter.counter({
      name: "sprtn_archiver_txs_total",
      help: "Transactions in the blocks followed; its rate is the TPS of syncing",
    }),
    l1Lag: meter.gauge({ name: "sprtn_archiver_l1_lag_blocks", help: "L1 blocks that are not read yet" }),
    reorgDepth: meter.histogram({
      name: "sprtn_archiver_reorg_depth_blocks",
      help: "L1 blocks taken back by a reorg",
      buckets: [1, 2, 3, 5, 8, 16, 32, 64],
    }),
    prunes: meter.counter({ name: "sprtn_archiver_prunes_total", help: "Prunes seen on L1" }),
    badBlock: meter.gauge({ name: "sprtn_archiver_bad_block", help: "1 while L1 holds a block that breaks a rule" }),
    tip: meter.gauge({
      name: "sprtn_archiver_tip_block",
      help: "Number of the last block of each chain",
      labels: ["chain"],
    }),
  };
}
