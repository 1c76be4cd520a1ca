import { systemClock, systemRandom } from "@sprtn/observability/system";
import { Bytes32, jsFieldHasher } from "@sprtn/primitives";
import { ProverErrorCode } from "@sprtn/prover";
import { buildDeployment, FakeProofBackend, MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { RedisServer } from "@sprtn/testing/redis";
import { expect } from "chai";
import { createNode, createProofSystem, genesisOf } from "./index.js";
import { openSharedQueue } from "./open-queue.js";
import { testSettings } from "./test/test-settings.js";

const process = { clock: systemClock, random: systemRandom, hasher: jsFieldHasher, logger: new MemoryLogger() };
const key = Bytes32(`0x${"01".repeat(32)}`);
const base = buildDeployment({ name: "test-queue" });
const genesis = genesisOf(jsFieldHasher, base.parameters);
const deployment = { ...base, genesis: { header: genesis.header, archive: genesis.archive } };
const job = {
  id: `0x${"0a".repeat(32)}`,
  circuit: "tx-base",
  epoch: 1,
  height: 0,
  inputs: Uint8Array.of(1, 2),
} as const;

describe("the queue of proof jobs", () => {
  it("is in Redis if PROVER_QUEUE_URL says so, for agents with the same one, but not of another network", async () => {
    const server = await RedisServer.start();
    const settings = testSettings({ PROVER_QUEUE_URL: server.url });
    const proofs = await createProofSystem(process, settings.circuits, null);
    const node = await createNode(
      { ...process, meter: new RecordingMeter(), proofs },
      { name: "node", version: "0", roles: new Set(["node", "prover-node"]), deployment, settings, proverKey: key },
    );
    const agent = { ...process, meter: new RecordingMeter(), backend: new FakeProofBackend() };
    const [mine, others] = [
      await openSharedQueue(agent, { deployment, queue: settings.queue }),
      await openSharedQueue(agent, {
        deployment: { ...deployment, rollupVersion: deployment.rollupVersion + 1n },
        queue: settings.queue,
      }),
    ];
    try {
      await node.parts.prover?.queue.enqueue(job);
      expect(await others?.queue.take("b", ["tx-base"])).to.equal(null);
      expect(await mine?.queue.take("a", ["tx-base"])).to.deep.include(job);
      expect(await node.parts.prover?.queue.take("local", ["tx-base"])).to.equal(null);
    } finally {
      for (const queue of [mine, others]) await queue?.close();
      await node.stop();
      await server.kill();
    }
  });

  it("a Redis that may throw jobs away keeps the node from starting", async () => {
    const server = await RedisServer.start({ options: ["--maxmemory-policy", "volatile-lru"] });
    const settings = testSettings({ PROVER_QUEUE_URL: server.url });
    const proofs = await createProofSystem(process, settings.circuits, null);
    const failure = await createNode(
      { ...process, meter: new RecordingMeter(), proofs },
      { name: "node", version: "0", roles: new Set(["node", "prover-node"]), deployment, settings, proverKey: key },
    ).catch((error: unknown) => error);
    await server.kill();
    expect(failure).to.include({ code: ProverErrorCode.QUEUE_UNFIT });
  });

  it("there is none to share without a URL", async () => {
    expect(
      await openSharedQueue(
        { ...process, meter: new RecordingMeter(), backend: new FakeProofBackend() },
        { deployment, queue: testSettings().queue },
      ),
    ).to.equal(undefined);
  });
});
