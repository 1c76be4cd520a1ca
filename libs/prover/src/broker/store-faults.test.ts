import type { LeasedJob } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { MemoryLogger, RecordingMeter, SeededRandom } from "@sprtn/testing";
import { storeFaultCompliance } from "@sprtn/testing/compliance";
import { Broker } from "../index.js";
import { job, rightProof, StubBackend } from "../test/stub-backend.js";

storeFaultCompliance("Broker", () => {
  let broker: Broker;
  const clock = new ManualClock();
  const leased = new Map<string, LeasedJob>();
  /** Done, or being done: what an agent asks for again when its answer was lost. */
  const work = async (count: number, end: (job: LeasedJob) => Promise<void>) => {
    for (const [id, taken] of leased) {
      await end(taken);
      leased.delete(id);
    }
    while (count > 5 - broker.status().queued) {
      const taken = await broker.take("agent", ["tx-base"]);
      if (taken === null) {
        await clock.advance(1_000);
        continue;
      }
      leased.set(taken.id, taken);
      await end(taken);
      leased.delete(taken.id);
    }
  };
  return {
    open: async store => {
      leased.clear();
      broker = await Broker.open(
        {
          store,
          backend: new StubBackend(),
          expected: () => rightProof("tx-base").publicInputs,
          clock,
          random: new SeededRandom(1),
          logger: new MemoryLogger(),
          meter: new RecordingMeter(),
        },
        { prefix: Uint8Array.of(3), leaseMs: 900, attempts: 9, lostLeases: 99 },
      );
    },
    steps: [
      ...[1, 2, 3, 4, 5].map(n => () => broker.enqueue(job(`job ${n}`, { epoch: n }))),
      () => work(2, taken => broker.complete(taken.id, taken.lease, rightProof("tx-base"))),
      () => work(3, taken => broker.fail(taken.id, taken.lease, { code: "X", reason: "x", retry: false })),
      () => broker.enqueue(job("job 3", { epoch: 3 })),
      () => broker.forgetBefore(2),
    ],
    view: () => broker.status(),
  };
});
