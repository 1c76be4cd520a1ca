import { Epoch, EthAddress } from "@sprtn/primitives";
import { circuitNames, rootPublicInputsToFields } from "@sprtn/protocol";
import { MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { RedisServer } from "@sprtn/testing/redis";
import { expect } from "chai";
import { EpochProver, expectedPublicInputs, gatherWitness, ProverAgent } from "../index.js";
import { CountingBackend, ProvingChain, provingHasher } from "../test/proving-chain.js";
import { systemClock, systemRandom } from "../test/system-parts.js";
import { RedisQueue } from "./index.js";

const prover = EthAddress(`0x${"aa".repeat(20)}`);
const forever = new AbortController().signal;

describe("BullMQ on Redis: a whole epoch", () => {
  let server: RedisServer;
  const closing: (() => Promise<void>)[] = [];

  before(async () => {
    server = await RedisServer.start();
    closing.push(() => server.kill());
  });

  after(async () => {
    for (const close of closing.toReversed()) await close();
  });

  async function open() {
    const parts = {
      backend: new CountingBackend(),
      clock: systemClock,
      logger: new MemoryLogger(),
      meter: new RecordingMeter(),
    };
    const queue = await RedisQueue.open(
      { ...parts, expected: expectedPublicInputs(provingHasher), random: systemRandom },
      { url: server.url, network: "epoch", leaseMs: 10_000, attempts: 3, lostLeases: 10, pollIntervalMs: 10 },
    );
    closing.push(() => queue.close());
    return { ...parts, queue };
  }

  it("proven by two agents on Redis for two prover nodes: both get the root, and each proof is made once", async () => {
    const chain = new ProvingChain([2, 3, 1, 1]);
    const follower = await chain.follower();
    const blocks = chain.fixture.blocks.slice(1);
    const agents = [await open(), await open()];
    for (const [i, { queue, ...parts }] of agents.entries()) {
      const agent = new ProverAgent(
        { jobs: queue, ...parts },
        { name: `agent ${i}`, concurrency: 2, pollMs: 10, circuits: circuitNames },
      );
      await agent.start(forever);
      closing.push(() => agent.stop());
    }
    const roots = [await open(), await open()].map(async ({ queue }) => {
      const epoch = new EpochProver({ queue, keys: chain.keys, clock: systemClock }, Epoch(0));
      for (const block of blocks) {
        const witness = await gatherWitness(
          { blocks: follower, forks: follower, txs: chain.txs, keys: chain.keys },
          { deployment: chain.deployment(), block },
          forever,
        );
        epoch.startBlock({
          root: witness.root,
          startAccumulator: chain.fixture.accumulators[block.header.number - 1]!,
        });
        for (const tx of witness.bases) epoch.addTx(tx);
      }
      return (await epoch.finalizeEpoch(prover)).publicInputs;
    });
    const expected = rootPublicInputsToFields(chain.publicInputs(1, blocks.length, prover));
    expect(await Promise.all(roots)).to.deep.equal([expected, expected]);
    const proven = agents.flatMap(agent => agent.backend.proven);
    expect(proven.filter(name => name === "tx-base").length).to.equal(5);
    expect(proven.filter(name => name.startsWith("root-")).length).to.equal(1);
  });
});
