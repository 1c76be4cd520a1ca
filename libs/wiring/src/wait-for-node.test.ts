import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PrometheusMeter } from "@sprtn/observability";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { Bytes32, jsFieldHasher, messageOf } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { buildDeployment, MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";
import type { Service } from "@sprtn/ports";
import { createBootstrapNode } from "./create-bootstrap-node.js";
import { createRemoteAgent, loadDeployment, RemoteBot, StartedNode, WiringError } from "./index.js";
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

async function expectToWait(
  make: (logger: WarnedLogger) => Service,
  { code = "RPC_UNREACHABLE", told = [] }: { readonly code?: string; readonly told?: readonly string[] } = {},
): Promise<void> {
  const logger = new WarnedLogger();
  const service = make(logger);
  const controller = new AbortController();
  const started = service.start(controller.signal).then(
    () => "started",
    (error: { code?: string }) => error.code,
  );
  expect(await logger.warned).to.equal(code);
  controller.abort();
  expect(await started).to.equal("RUNTIME_ABORTED");
  await service.stop();
  expect(logger.lines("warn").length).to.equal(1);
  for (const text of told) expect(logger.lines("warn")[0]?.fields["reason"]).to.contain(text);
}

/** Until whoever uses the clock has gone to sleep. */
async function untilWaiting(clock: ManualClock): Promise<void> {
  while (clock.pendingTimers === 0) await new Promise(resolve => setImmediate(resolve));
}

describe("a process whose node is not there yet", () => {
  const parts = { clock: systemClock, random: systemRandom, hasher: jsFieldHasher };

  const botOf = (nodeUrl: string) => (logger: WarnedLogger) => {
    const { circuits, l1, l1Publisher, storage, bot, wallet } = testSettings();
    return new RemoteBot(
      { ...parts, logger, meter: new RecordingMeter() },
      {
        nodeUrls: [nodeUrl],
        environment: bot,
        wallet,
        l1,
        l1Publisher,
        l1Key: Bytes32(`0x${"01".repeat(32)}`),
        storage,
        circuits,
      },
    );
  };
  const agentOf = (brokerHost: string) => (logger: WarnedLogger) => {
    const { circuits, agent, queue } = testSettings();
    const settings = { agent: { ...agent, brokerHost }, queue, circuits };
    return createRemoteAgent({ ...parts, logger }, new RecordingMeter(), settings);
  };

  it("tx-bot: says what it waits for, and ends cleanly when it is stopped", async () => {
    let made: RemoteBot | undefined;
    await expectToWait(logger => (made = botOf(NOBODY)(logger)));
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

  for (const [what, answer] of [
    ["a web page", "<html>"],
    ["an L1", '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}'],
  ] as const)
    describe(`whose URL is that of ${what}`, () => {
      const other = createServer((_, response) => response.end(answer));
      let url = "";
      before(async () => {
        other.listen(0, "127.0.0.1");
        await once(other, "listening");
        url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
      });
      after(() => other.close());

      it("node with a bootnode: what no waiting mends is told at once, with URL and setting", async () => {
        const joiner = { clock: new ManualClock(), logger: new MemoryLogger(), signal: new AbortController().signal };
        for (const patience of [joiner, undefined]) {
          const failure = await loadDeployment({ deploymentFile: undefined, bootnodeUrl: url }, patience).catch(
            (error: unknown) => error,
          );
          expect(failure).to.be.instanceOf(WiringError).and.have.property("code", "WIRING_NOT_A_NODE");
          expect(messageOf(failure)).to.contain(url).and.contain("BOOTNODE_URL");
        }
        expect(joiner.logger.lines()).to.deep.equal([]);
      });

      it("prover-agent and tx-bot: wait on, and say what they found where", async () => {
        const code = "WIRING_NOT_A_NODE";
        await expectToWait(agentOf(url), { code, told: [url, "PROVER_BROKER_HOST"] });
        await expectToWait(botOf(url), { code, told: [url, "BOT_NODE_URL"] });
      });
    });

  it("whose URL has credentials: is refused at once", async () => {
    const url = "http://user:hunter2@127.0.0.1:1";
    const { signal } = new AbortController();
    for (const start of [
      () => loadDeployment({ deploymentFile: undefined, bootnodeUrl: url }),
      async () => agentOf(url)(new WarnedLogger()).start(signal),
      async () => botOf(url)(new WarnedLogger()).start(signal),
    ]) {
      const failure = await start().catch((error: unknown) => error);
      expect(failure).to.have.property("code", "RPC_BAD_URL");
      expect(messageOf(failure)).not.to.contain("hunter2");
    }
  });

  it("prover-agent: likewise", () => expectToWait(agentOf(NOBODY)));
});
