import type { Meter } from "@sprtn/ports";

export type TxPoolMetrics = ReturnType<typeof createTxPoolMetrics>;

/** What this library counts. Codes come from this library's own small sets. */
export function createTxPoolMetrics(meter: Meter) {
  const pending = meter.gauge({ name: "sprtn_tx_pool_pending_txs", help: "Transactions that wait for a block" });
  const bytes = meter.gauge({ name: "sprtn_tx_pool_pending_bytes", help: "Bytes of the pending transactions" });
  const kept = meter.gauge({
    name: "sprtn_tx_pool_mined_txs",
    help: "Transactions of unfinalized blocks kept with their proofs",
  });
  const admitted = meter.counter({
    name: "sprtn_tx_pool_admitted_total",
    help: "Transactions admitted, by origin",
    labels: ["origin"],
  });
  const refused = meter.counter({
    name: "sprtn_tx_pool_refused_total",
    help: "Transactions refused, by origin and reason",
    labels: ["origin", "code"],
  });
  const dropped = meter.counter({
    name: "sprtn_tx_pool_dropped_total",
    help: "Pending transactions dropped, by reason",
    labels: ["code"],
  });
  const proofs = meter.counter({
    name: "sprtn_tx_pool_proofs_verified_total",
    help: "Client proofs verified, by result",
    labels: ["valid"],
  });
  const fetched = meter.counter({
    name: "sprtn_tx_pool_fetched_total",
    help: "Transactions requested from peers, by outcome",
    labels: ["outcome"],
  });
  const served = meter.counter({
    name: "sprtn_tx_pool_served_total",
    help: "Transactions sent to peers that requested them",
  });
  return {
    sizes(sizes: { readonly pending: number; readonly bytes: number; readonly kept: number }): void {
      pending.set(sizes.pending);
      bytes.set(sizes.bytes);
      kept.set(sizes.kept);
    },
    admitted: (origin: string) => admitted.add(1, { origin }),
    refused: (origin: string, code: string) => refused.add(1, { origin, code }),
    dropped: (code: string) => dropped.add(1, { code }),
    proofVerified: (valid: boolean) => proofs.add(1, { valid: String(valid) }),
    fetched: (outcome: "found" | "missing", count: number) => fetched.add(count, { outcome }),
    served: (count: number) => served.add(count),
  };
}
