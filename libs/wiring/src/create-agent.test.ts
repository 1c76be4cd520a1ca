import { systemClock, systemRandom } from "@sprtn/observability/system";
import { nodeInfo } from "@sprtn/node-service";
import type { NodeApi } from "@sprtn/ports";
import { jsFieldHasher } from "@sprtn/primitives";
import { brokerMethods, nodeMethods, RpcServer, serveGroup } from "@sprtn/rpc";
import { KeyTree } from "@sprtn/state-transition/circuits";
import { buildDeployment, MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";
import { createRemoteAgent } from "./index.js";
import { testSettings } from "./test/test-settings.js";

describe("a remote agent", () => {
  it("shows its broker the secret of its settings", async () => {
    const token = "a-secret-of-the-network";
    const deployment = buildDeployment({ keyTreeRoot: KeyTree.simulated(jsFieldHasher).root() });
    const info = nodeInfo({ version: "0", roles: ["prover-node"], deployment }, null);
    const asked = Promise.withResolvers<string>();
    const jobs = { take: async (agent: string) => (asked.resolve(agent), null) };
    const server = new RpcServer(
      {
        groups: [
          serveGroup(nodeMethods(jsFieldHasher), { getNodeInfo: async () => info } as unknown as NodeApi),
          serveGroup(brokerMethods, jobs as never, { guarded: true }),
        ],
        clock: systemClock,
        logger: new MemoryLogger(),
        meter: new RecordingMeter(),
        readiness: () => ({ ready: true }),
        metricsText: async () => "",
        version: "0",
      },
      { ...testSettings().rpc, accessToken: testSettings({ PROVER_BROKER_TOKEN: token }).queue.token },
    );
    await server.start();
    const logger = new MemoryLogger();
    logger.warn = (message, fields) => asked.resolve(`${message}: ${String(fields?.["code"])}`);
    const { circuits, agent, queue } = testSettings({
      PROVER_BROKER_HOST: server.url,
      PROVER_BROKER_TOKEN: token,
      PROVER_AGENT_NAME: "one of ours",
    });
    const process = { clock: systemClock, random: systemRandom, hasher: jsFieldHasher, logger };
    const remote = createRemoteAgent(process, new RecordingMeter(), { agent, queue, circuits });
    try {
      await remote.start(new AbortController().signal);
      expect(await asked.promise).to.contain("one of ours");
    } finally {
      await remote.stop();
      await server.stop();
    }
  });
});
