import type { Meter, Service } from "@sprtn/ports";
import { RpcError, RpcServer } from "@sprtn/rpc";
import { rpcSettings } from "@sprtn/rpc/settings";
import { bindReason, Lifecycle } from "@sprtn/runtime";
import { composeSettings, parseSettings } from "@sprtn/settings";
import { createProcessMetrics } from "./companions.js";
import type { ProcessResources } from "./process-resources.js";
import type { MetricsSettings } from "./settings.js";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/** Whose metrics are shown. */
export interface ProgramMetricsDependencies {
  readonly process: Pick<ProcessResources, "clock" | "logger">;
  readonly meter: Meter & { metricsText(): Promise<string> };
  readonly version: string;
}

/**
 * The metrics of a program without RPC: what its process uses of the machine, and GET /metrics if the settings give a
 * port, within the same limits as a node's RPC.
 */
export function createProgramMetrics(
  { process, meter, version }: ProgramMetricsDependencies,
  { port, host }: MetricsSettings,
): Service & { readonly url: () => string } {
  const { clock, logger } = process;
  const { settings } = parseSettings(composeSettings({ rpc: rpcSettings }), {});
  const server =
    port === undefined
      ? undefined
      : new RpcServer(
          {
            groups: [],
            clock,
            logger: logger.child("metrics"),
            meter,
            readiness: () => ({ ready: true }),
            metricsText: () => meter.metricsText(),
            version,
          },
          { ...settings.rpc, port, host },
        );
  const lifecycle = new Lifecycle({
    services: [
      { name: "process metrics", service: createProcessMetrics(process, meter) },
      ...(server === undefined ? [] : [{ name: "metrics server", service: withOwnAdvice(server) }]),
    ],
  });
  return { url: () => server?.url ?? "", start: signal => lifecycle.start(signal), stop: () => lifecycle.stop() };
}

/** The server's own texts name the settings of a node's RPC. */
function withOwnAdvice(server: RpcServer): Service {
  return {
    start: async () => {
      try {
        await server.start();
      } catch (cause) {
        throw new WiringError(
          WiringErrorCode.METRICS_PORT,
          `metrics cannot be served, because ${bindReason(ofSystem(cause))}: choose another METRICS_PORT, or set ` +
            "METRICS_HOST to an address of this machine",
          {},
          { cause },
        );
      }
    },
    stop: () => server.stop(),
  };
}

/** What the system said: the server's error wraps it. */
function ofSystem(error: unknown): unknown {
  return error instanceof RpcError && error.cause !== undefined ? error.cause : error;
}
