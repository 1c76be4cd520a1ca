import { PrometheusMeter } from "@sprtn/observability";
import { systemClock } from "@sprtn/observability/system";
import type { CodedError } from "@sprtn/primitives";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { createProgramMetrics, WiringErrorCode } from "./index.js";

describe("the metrics of a program without RPC", () => {
  const create = (port: number | undefined) => {
    const process = { clock: systemClock, logger: new MemoryLogger() };
    const meter = new PrometheusMeter();
    const metrics = createProgramMetrics({ process, meter, version: "0" }, { port, host: "127.0.0.1" });
    return { metrics, meter };
  };
  const { signal } = new AbortController();

  it("tell what the process uses, at the port that the settings give", async () => {
    const { metrics } = create(0);
    try {
      await metrics.start(signal);
      const answer = await fetch(`${metrics.url()}/metrics`);
      expect(await answer.text()).to.match(/^sprtn_process_resident_memory_bytes \d+$/m);
      const taken = Number(new URL(metrics.url()).port);
      const refusal = await create(taken)
        .metrics.start(signal)
        .catch((error: CodedError) => error);
      expect((refusal as Error).cause).to.include({ code: WiringErrorCode.METRICS_PORT });
      expect(((refusal as Error).cause as Error).message).to.contain("EADDRINUSE");
    } finally {
      await metrics.stop();
    }
  });

  it("are taken without a port, too, and nothing listens", async () => {
    const { metrics, meter } = create(undefined);
    try {
      await metrics.start(signal);
      expect(metrics.url()).to.equal("");
      expect(await meter.metricsText()).to.contain("sprtn_process_cpu_seconds_total");
    } finally {
      await metrics.stop();
    }
  });
});
