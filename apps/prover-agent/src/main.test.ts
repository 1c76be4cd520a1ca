import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { jsFieldHasher } from "@sprtn/primitives";
import type { JobSource, ProofJob } from "@sprtn/ports";
import { CallKind, circuitNames, encodeTransferWitness } from "@sprtn/protocol";
import { Broker, expectedPublicInputs } from "@sprtn/prover";
import { brokerMethods, nodeMethods, RpcServer, serveGroup } from "@sprtn/rpc";
import { rpcSettings } from "@sprtn/rpc/settings";
import { composeSettings, parseSettings, Secret } from "@sprtn/settings";
import { KeyTree } from "@sprtn/state-transition/circuits";
import { witnesses } from "@sprtn/state-transition/transfer-fixture";
import { FakeKvStore, FakeNode, FakeProofBackend, MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";

const TOKEN = "a-token-of-agents";

const job: ProofJob = {
  id: `0x${"0a".repeat(32)}`,
  circuit: "transfer",
  epoch: 1,
  height: 0,
  inputs: encodeTransferWitness(witnesses[CallKind.NONE]),
};

/** The RPC of a prover node in front of its broker; leases outlast the test. `taken` resolves with the first lease. */
async function serveBroker() {
  const parts = { clock: systemClock, random: systemRandom, logger: new MemoryLogger(), meter: new RecordingMeter() };
  const broker = await Broker.open(
    {
      ...parts,
      store: new FakeKvStore(),
      backend: new FakeProofBackend(),
      expected: expectedPublicInputs(jsFieldHasher),
    },
    { prefix: new Uint8Array(), leaseMs: 3_600_000, attempts: 3, lostLeases: 10 },
  );
  const taken = Promise.withResolvers<void>();
  const jobs: JobSource = {
    take: async (...args) => {
      const given = await broker.take(...args);
      if (given !== null) taken.resolve();
      return given;
    },
    heartbeat: (...args) => broker.heartbeat(...args),
    complete: (...args) => broker.complete(...args),
    fail: (...args) => broker.fail(...args),
    release: (...args) => broker.release(...args),
  };
  const { rpc } = parseSettings(composeSettings({ rpc: rpcSettings }), { env: { AZTEC_PORT: "0" } }).settings;
  const node = new FakeNode({ deployment: { keyTreeRoot: KeyTree.simulated(jsFieldHasher).root() } });
  const server = new RpcServer(
    {
      ...parts,
      groups: [serveGroup(nodeMethods(jsFieldHasher), node), serveGroup(brokerMethods, jobs, { guarded: true })],
      readiness: () => ({ ready: true }),
      metricsText: async () => "",
      version: "0.1.0",
    },
    { ...rpc, accessToken: new Secret(TOKEN) },
  );
  await server.start();
  return { broker, server, taken: taken.promise };
}

/** The program itself; each of its proofs takes ten minutes. */
function startAgent(brokerHost: string) {
  const main = fileURLToPath(new URL("main.js", import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env["PATH"],
      PROVER_BROKER_HOST: brokerHost,
      PROVER_BROKER_TOKEN: TOKEN,
      PROVER_AGENT_POLL_INTERVAL_MS: "10",
      PROVER_SIMULATED_DELAY_MS: "600000",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  return { child, ended: once(child, "close"), output: () => output };
}

describe("prover-agent", () => {
  it("SIGTERM while it proves: gives the job back and ends with code 0; another agent has it at once", async () => {
    const { broker, server, taken } = await serveBroker();
    const agent = startAgent(server.url);
    try {
      await broker.enqueue(job);
      await Promise.race([taken, agent.ended]);
      expect(broker.status(), agent.output()).to.include({ queued: 0, leased: 1 });
      agent.child.kill("SIGTERM");
      expect(await agent.ended, agent.output()).to.deep.equal([0, null]);
      expect(broker.status()).to.include({ queued: 1, leased: 0 });
      expect((await broker.take("another", circuitNames))?.id).to.equal(job.id);
      expect(await broker.troubles()).to.deep.equal([]);
    } finally {
      agent.child.kill("SIGKILL");
      await server.stop();
    }
  });
});
