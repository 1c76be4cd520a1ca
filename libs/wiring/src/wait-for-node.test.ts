import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PrometheusMeter } from "@sprtn/observability";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { Bytes32, jsFieldHasher } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { buildDeployment, MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";
import type { Service } from "@sprtn/ports";
import { createBootstrapNode } from "./create-bootstrap-node.js";
import { createRemoteAgent, loadDeployment, RemoteBot, StartedNode } from "./index.js";
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

/** Until whoever uses the clock has gone to sleep. */
async function untilWaiting(clock: ManualClock): Promise<void> {
  while (clock.pendingTimers === 0) await new Promise(resolve => setImmediate(resolve));
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

  it("node with a bootnode: likewise", async () => {
    const settings = testSettings({ ROLE_NODE: "true", BOOTNODE_URL: NOBODY });
    const { process, bot, wallet } = settings;
    await expectToWait(
      logger => new StartedNode({ ...parts, logger }, { version: "0", process, settings, bot, wallet }),
    );
  });

  it("node with a bootnode: says once a minute what it waits for, and joins when it is there", async () => {
    const clock = new ManualClock();
    const logger = new MemoryLogger();
    let port = 0;
    const refused = createServer();
    refused.listen(0, "127.0.0.1");
    await once(refused, "listening");
    ({ port } = refused.address() as AddressInfo);
    refused.close();
    await once(refused, "close");
    const bootnodeUrl = `http://127.0.0.1:${port}`;
    const { signal } = new AbortController();
    const joined = loadDeployment({ deploymentFile: undefined, bootnodeUrl }, { clock, logger, signal });
    for (let i = 0; i < 61; i++) {
      await untilWaiting(clock);
      if (i < 60) await clock.advance(2000);
    }
    expect(logger.lines("warn").map(({ fields }) => fields["code"])).to.deep.equal(
      Array.from({ length: 3 }, () => "RPC_UNREACHABLE"),
    );
    const deployment = buildDeployment({ name: "test-wiring" });
    const node = await createBootstrapNode({ ...parts, logger }, new PrometheusMeter(), {
      name: "boot",
      version: "0",
      roles: new Set(["p2p-bootstrap"]),
      deployment,
      settings: testSettings({ AZTEC_PORT: String(port), P2P_DISCOVERY: "false", P2P_TCP_LISTEN_ADDR: "127.0.0.1:0" }),
    });
    await node.start(signal);
    await clock.advance(2000);
    expect((await joined).deployment).to.deep.equal(deployment);
    await node.stop();
  });

  it("node with a bootnode: what no waiting mends is told at once", async () => {
    const other = createServer((_, response) => response.end("<html>"));
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const bootnodeUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const joiner = { clock: new ManualClock(), logger: new MemoryLogger(), signal: new AbortController().signal };
    const failure: unknown = await loadDeployment({ deploymentFile: undefined, bootnodeUrl }, joiner).catch(
      (error: unknown) => error,
    );
    expect(failure).to.have.property("code", "RPC_BAD_ANSWER");
    expect(joiner.logger.lines()).to.deep.equal([]);
    other.close();
  });

  it("prover-agent: likewise", async () => {
    const { circuits, agent, queue } = testSettings({ PROVER_BROKER_HOST: NOBODY });
    await expectToWait(logger =>
      createRemoteAgent({ ...parts, logger }, new RecordingMeter(), { agent, queue, circuits }),
    );
  });
});
