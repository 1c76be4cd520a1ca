import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFieldHasher, type SimdFieldHasher } from "@sprtn/field-hasher";
import { type Devnet, type DevnetOptions, startDevnet } from "@sprtn/l1-client/devnet";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { sleep } from "@sprtn/runtime";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { LocalNetwork } from "./index.js";
import { testSettings } from "./test/test-settings.js";

describe("the first start of a local network", () => {
  let hasher: Awaited<ReturnType<typeof createFieldHasher>> | SimdFieldHasher;
  let dataDirectory = "";
  before(async () => (hasher = await createFieldHasher({ logger: new MemoryLogger() }, { kind: "simd" })));
  after(() => hasher.close());
  beforeEach(async () => (dataDirectory = await mkdtemp(join(tmpdir(), "local-network-"))));
  afterEach(() => rm(dataDirectory, { recursive: true }));

  /** A network whose L1 differs in `options`, and that L1. */
  function networkOn(options: Partial<DevnetOptions>, env: Readonly<Record<string, string>> = {}) {
    const settings = testSettings({
      LOCAL_SIMULATED_PROOFS: "true",
      LOCAL_L1_PORT: "0",
      LOCAL_BOT: "false",
      LOCAL_VALIDATORS: "1",
      DATA_DIRECTORY: dataDirectory,
      ...env,
    });
    const l1 = Promise.withResolvers<Devnet>();
    const startL1: typeof startDevnet = async (wanted, keeping) => {
      const devnet = await startDevnet({ ...wanted, ...options }, keeping);
      l1.resolve(devnet);
      return devnet;
    };
    const resources = { clock: systemClock, random: systemRandom, hasher, logger: new MemoryLogger(), startL1 };
    const { local, bot, wallet } = settings;
    return { network: new LocalNetwork(resources, { version: "0", settings, local, bot, wallet }), l1: l1.promise };
  }

  it("keeps its L1: killed before anvil has written a state by itself, the network goes on", async () => {
    const { signal } = new AbortController();
    for (const _ of [1, 2]) {
      const { network, l1 } = networkOn({ stateIntervalSeconds: 3_600 });
      await network.start(signal);
      const devnet = await l1;
      devnet.kill();
      await devnet.died;
      await network.stop();
    }
  });

  it("ends as a whole when one node cannot start, so that it can be started again", async () => {
    const { signal } = new AbortController();
    await writeFile(join(dataDirectory, "validator-3"), "in the way");
    const shape = { LOCAL_VALIDATORS: "5" };
    const failed = await networkOn({}, shape)
      .network.start(signal)
      .catch((error: { code?: string }) => error.code);
    expect(failed).to.equal("STORAGE_NOT_WRITABLE");
    await rm(join(dataDirectory, "validator-3"));
    const { network } = networkOn({}, shape);
    await network.start(signal);
    expect(network.nodes).to.have.length(6);
    const lonely = () => network.nodes.some(({ parts }) => parts.network.view.peers().length === 0);
    while (lonely()) await sleep(systemClock, 10);
    await network.stop();
  });

  it("can be stopped while it deploys, however slow its L1 is", async () => {
    const { network, l1 } = networkOn({ blockTimeSeconds: 3_600 });
    const controller = new AbortController();
    const started = network.start(controller.signal).then(
      () => expect.fail("it should have been stopped"),
      (error: { code?: string }) => error.code,
    );
    const devnet = await l1;
    const waiting = async () => (await devnet.request("txpool_status")) as { readonly pending: string };
    while (Number((await waiting()).pending) === 0) await sleep(systemClock, 10);
    controller.abort();
    expect(await started).to.equal("RUNTIME_ABORTED");
    await network.stop();
  });
});
