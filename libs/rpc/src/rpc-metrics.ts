import type { Meter } from "@sprtn/ports";

export type RpcMetrics = ReturnType<typeof createRpcMetrics>;

/** What the server counts. Methods are known ones only, outcomes are "ok" or JSON-RPC's numbers. */
export function createRpcMetrics(meter: Meter) {
  const calls = meter.counter({
    name: "sprtn_rpc_calls_total",
    help: "JSON-RPC calls by method and outcome",
    labels: ["method", "outcome"],
  });
  const seconds = meter.histogram({
    name: "sprtn_rpc_call_seconds",
    help: "Time to answer a JSON-RPC call",
    labels: ["method"],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2, 10, 30],
  });
  const limited = meter.counter({
    name: "sprtn_rpc_rate_limited_total",
    help: "HTTP requests refused by the rate limit",
  });
  return {
    called(method: string, outcome: string, ms: number): void {
      calls.add(1, { method, outcome });
      seconds.observe(ms / 1000, { method });
    },
    rateLimited: () => limited.add(1),
  };
}
