import { MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { RedisQueue, type RedisQueueSettings } from "../redis/index.js";
import { rightProof, StubBackend } from "./stub-backend.js";
import { systemClock, systemRandom } from "./system-parts.js";

/**
 * A queue with a stub for a backend, and with one right proof for all inputs but "other"; leases last so long that only
 * what a test does ends them.
 */
export async function openRedisQueue(settings: Partial<RedisQueueSettings> & Pick<RedisQueueSettings, "url">) {
  const [backend, logger, meter] = [new StubBackend(), new MemoryLogger(), new RecordingMeter()];
  const queue = await RedisQueue.open(
    {
      backend,
      expected: (_, inputs) =>
        (new TextDecoder().decode(inputs) === "other" ? rightProof("tx-base", "other".length) : rightProof("tx-base"))
          .publicInputs,
      clock: systemClock,
      random: systemRandom,
      logger,
      meter,
    },
    { network: "test", leaseMs: 60_000, attempts: 3, lostLeases: 10, pollIntervalMs: 10, stalledMs: 5, ...settings },
  );
  return { queue, backend, logger, meter };
}
