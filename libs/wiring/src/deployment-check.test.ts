import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deploy, DeploymentErrorCode, encodeDeployment, presets } from "@sprtn/deployment";
import { privateKeyFrom, PrivateKeySigner } from "@sprtn/l1-client";
import { type Devnet, DEVNET_MNEMONIC, startDevnet } from "@sprtn/l1-client/devnet";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { codeOf, jsFieldHasher, UnixSeconds } from "@sprtn/primitives";
import type { Deployment, RollupParameters } from "@sprtn/protocol";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { createProofSystem, genesisOf, StartedNode } from "./index.js";
import { testSettings } from "./test/test-settings.js";

const logger = new MemoryLogger();
const process = { clock: systemClock, random: systemRandom, hasher: jsFieldHasher, logger };

describe("a node of an existing deployment", () => {
  let devnet: Devnet;
  let deployment: Deployment;
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "deployment-check-"));
    devnet = await startDevnet();
    const keys = [0, 1].map(index => privateKeyFrom({ mnemonic: DEVNET_MNEMONIC, index }));
    const proofs = await createProofSystem(process, testSettings().circuits, null);
    const parameters: RollupParameters = {
      ...presets.local.parameters,
      genesisTime: UnixSeconds(0),
      openBootstrap: true,
    };
    const genesis = (genesisTime: UnixSeconds) => genesisOf(jsFieldHasher, { ...parameters, genesisTime });
    const validators = keys.slice(1).map(privateKey => new PrivateKeySigner({}, { privateKey }).address);
    deployment = await deploy(
      { url: devnet.url, clock: systemClock, logger },
      {
        name: "test",
        deployerKey: keys[0]!,
        parameters,
        validators,
        genesis,
        keyTreeRoot: proofs.keys.root(),
        crs: null,
      },
    );
    await proofs.close();
  });

  after(async () => {
    await devnet.stop();
    await rm(directory, { recursive: true });
  });

  /** "started", or the code of what kept it from that. */
  async function start(change: Partial<Deployment>, env: Readonly<Record<string, string>> = {}): Promise<string> {
    const file = join(directory, "deployment.json");
    await writeFile(file, encodeDeployment({ ...deployment, ...change }));
    const settings = testSettings({
      ROLE_NODE: "true",
      DEPLOYMENT_FILE: file,
      ETHEREUM_HOST: devnet.url,
      P2P_ENABLED: "false",
      AZTEC_PORT: "0",
      ...env,
    });
    const node = new StartedNode(process, {
      version: "0",
      process: settings.process,
      settings,
      bot: settings.bot,
      wallet: settings.wallet,
    });
    try {
      await node.start(new AbortController().signal);
      return "started";
    } catch (error) {
      return codeOf((error as Error).cause ?? error);
    } finally {
      await node.stop();
    }
  }

  it("starts if L1 holds what its file says, and if no L1 answers", async () => {
    expect(await start({})).to.equal("started");
    expect(await start({ rollupVersion: 7n }, { ETHEREUM_HOST: "http://127.0.0.1:1" })).to.equal("started");
  });

  it("has no patience with settings of another chain than the deployment's, whether L1 answers or not", async () => {
    const gone = { ETHEREUM_HOST: "http://127.0.0.1:1" };
    expect(await start({}, { L1_CHAIN_ID: "1" })).to.equal("WIRING_WRONG_CHAIN");
    expect(await start({}, { L1_CHAIN_ID: "1", ...gone })).to.equal("WIRING_WRONG_CHAIN");
    expect(await start({ chainId: 1n }, gone)).to.equal("WIRING_WRONG_CHAIN");
  });

  it("does not start with the file of another deployment, or on another chain", async () => {
    const { contracts, parameters } = deployment;
    expect(await start({ parameters: { ...parameters, epochDuration: parameters.epochDuration + 1 } })).to.equal(
      DeploymentErrorCode.MISMATCH,
    );
    expect(await start({ contracts: { ...contracts, inbox: contracts.outbox } })).to.equal(
      DeploymentErrorCode.MISMATCH,
    );
    expect(
      await start({
        contracts: {
          ...contracts,
          rollup: new PrivateKeySigner({}, { privateKey: privateKeyFrom({ mnemonic: DEVNET_MNEMONIC, index: 3 }) })
            .address,
        },
      }),
    ).to.equal(DeploymentErrorCode.MISMATCH);
    expect(await start({ chainId: 1n }, { L1_CHAIN_ID: "1" })).to.equal("L1_WRONG_CHAIN");
  });
});
