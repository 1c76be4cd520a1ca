import { systemClock, systemRandom } from "@sprtn/observability/system";
import { Bytes32, jsFieldHasher } from "@sprtn/primitives";
import { MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";
import type { Service } from "@sprtn/ports";
import { createRemoteAgent, RemoteBot } from "./index.js";
import { testSettings } from "./test/test-settings.js";

/** Nobody listens there. */
const NOBODY = "http://127.0.0.1:1";

/** Tells the code of the first warning when it comes. */
class WarnedLogger extends MemoryLogger {
  readonly #warned = Promise.withResolvers<unknown>();
  readonly warned = this.#warned.promise;

  override warn(...[message, fields]: Parameters<MemoryLogger["warn"]>): void {
    super.warn(message, fields);
    this.#warned.resolve(fields?.["code"]);
  }
}

async function expectToWait(make: (logger: WarnedLogger) => Service): Promise<void> {
  const logger = new WarnedLogger();
  const service = make(logger);
  const controller = new AbortController();
  const started = service.start(controller.signal).then(
    () => "started",
    (error: { code?: string }) => error.code,
  );
  expect(await logger.warned).to.equal("RPC_UNREACHABLE");
  controller.abort();
  expect(await started).to.equal("RUNTIME_ABORTED");
  await service.stop();
  expect(logger.lines("warn").length).to.equal(1);
}

describe("a process whose node is not there yet", () => {
  const parts = { clock: systemClock, random: systemRandom, hasher: jsFieldHasher };

  it("tx-bot: says what it waits for, and ends cleanly when it is stopped", async () => {
    const { circuits, l1, l1Publisher, storage, bot, wallet } = testSettings();
    let made: RemoteBot | undefined;
    await expectToWait(logger => {
      made = new RemoteBot(
        { ...parts, logger, meter: new RecordingMeter() },
        {
          nodeUrls: [NOBODY],
          environment: bot,
          wallet,
          l1,
          l1Publisher,
          l1Key: Bytes32(`0x${"01".repeat(32)}`),
          storage,
          circuits,
        },
      );
      return made;
    });
    expect(await made?.finished).to.equal(undefined);
  });

  it("prover-agent: likewise", async () => {
    const { circuits, agent, queue } = testSettings({ PROVER_BROKER_HOST: NOBODY });
    await expectToWait(logger =>
      createRemoteAgent({ ...parts, logger }, new RecordingMeter(), { agent, queue, circuits }),
    );
  });
});
