import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, startDevnet } from "@sprtn/l1-client/devnet";
import { createFieldHasher, SimdFieldHasher } from "@sprtn/field-hasher";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import type { ChainTips } from "@sprtn/protocol";
import { brokerMethods, createNodeClient, createRpcClient, RpcErrorCode } from "@sprtn/rpc";
import { sleep } from "@sprtn/runtime";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { LocalNetwork } from "./index.js";
import { runUntilStopped } from "./program.js";
import { testSettings } from "./test/test-settings.js";

/**
 * The smoke run: a whole network in this process, with its own L1, until a block with transactions is finalized.
 */
describe("local network", function () {
  it("brings transactions from a deposit to finality, and stops", async () => {
    const logger = new MemoryLogger();
    const hasher = await createFieldHasher({ logger }, { kind: "simd" });
    const env = {
      LOCAL_L1_PORT: "0",
      LOCAL_SLOT_SECONDS: "3",
      LOCAL_EPOCH_SLOTS: "3",
      ARCHIVER_POLLING_INTERVAL_MS: "100",
      L1_POLLING_INTERVAL: "100",
      PROVER_NODE_POLLING_INTERVAL_MS: "200",
      PROVER_AGENT_POLL_INTERVAL_MS: "50",
      VALIDATOR_ATTESTATIONS_POLLING_INTERVAL_MS: "50",
      BOT_TX_PER_SECOND: "1",
      BOT_ACCOUNTS: "2",
      BOT_NOTES_PER_ACCOUNT: "2",
    };
    const settings = testSettings({ PROVER_REAL_PROOFS: "false", ...env });
    const network = new LocalNetwork(
      { clock: systemClock, random: systemRandom, hasher, logger },
      { version: "0", settings, local: settings.local, bot: settings.bot, wallet: settings.wallet },
    );
    try {
      await network.start(new AbortController().signal);
      const archiver = network.nodes[0]!.parts.chain.archiver;
      const finalizedWithTxs = Promise.withResolvers<ChainTips>();
      archiver.subscribe(async event => {
        if (event.type !== "finalized") return;
        const block = await archiver.block(event.tip.number);
        if (block !== undefined && (block.effects.length > 0 || event.tip.number > 3))
          finalizedWithTxs.resolve(archiver.tips());
      });
      const tips = await finalizedWithTxs.promise;
      expect(tips.finalized.number).to.be.at.least(1);
      expect(tips.finalized.number <= tips.proven.number && tips.proven.number <= tips.pending.number).to.equal(true);

      const node = createNodeClient(network.rpcUrl(), { hasher });
      const info = await node.getNodeInfo();
      expect(info).to.include({ network: "local", proofMode: "simulated" });
      const block = await node.getBlock("finalized");
      expect(block?.headerHash).to.equal((await archiver.block(block!.header.number))?.headerHash);
      expect(logger.lines("error")).to.deep.equal([]);
      // Below the name of a node, which may be that of a part.
      const scopes = logger.lines().map(({ module }) => module.split(":").slice(2));
      expect(scopes.filter(parts => parts.some((part, i) => part === parts[i + 1]))).to.deep.equal([]);
    } finally {
      await network.stop();
      hasher.close();
    }
  });

  it("PROV-6: refuses settings that ask for real proofs and for simulated ones", async () => {
    const hasher = new SimdFieldHasher();
    const settings = testSettings({
      LOCAL_L1_PORT: "0",
      LOCAL_BOT: "false",
      LOCAL_SIMULATED_PROOFS: "true",
      PROVER_REAL_PROOFS: "true",
    });
    const network = new LocalNetwork(
      { clock: systemClock, random: systemRandom, hasher, logger: new MemoryLogger() },
      { version: "0", settings, local: settings.local, bot: settings.bot, wallet: settings.wallet },
    );
    expect(
      await network.start(new AbortController().signal).then(
        () => "started",
        (error: { code?: string }) => error.code,
      ),
    ).to.equal("WIRING_WRONG_PROOF_MODE");
    hasher.close();
  });

  it("one at a time in a data directory, as it was deployed, and only on the L1 that it was made with", async () => {
    const logger = new MemoryLogger();
    const hasher = await createFieldHasher({ logger }, { kind: "simd" });
    const root = await mkdtemp(join(tmpdir(), "local-network-"));
    const dataDirectory = join(root, "data");
    const create = (directory: string, env: Readonly<Record<string, string>> = {}) => {
      const settings = testSettings({
        LOCAL_SIMULATED_PROOFS: "true",
        LOCAL_L1_PORT: "0",
        LOCAL_BOT: "false",
        LOCAL_VALIDATORS: "2",
        LOCAL_COMMITTEE: "1",
        DATA_DIRECTORY: directory,
        ...env,
      });
      return new LocalNetwork(
        { clock: systemClock, random: systemRandom, hasher, logger },
        { version: "0", settings, local: settings.local, bot: settings.bot, wallet: settings.wallet },
      );
    };
    const codeOfStart = (directory: string) =>
      create(directory)
        .start(new AbortController().signal)
        .then(
          () => "started",
          (error: { code?: string }) => error.code,
        );
    const first = create(dataDirectory);
    try {
      await first.start(new AbortController().signal);
      // Its own agent needs no token; without one of its operator's, nobody else gets jobs.
      const broker = createRpcClient(brokerMethods, first.rpcUrl());
      expect(await broker.take("stranger", []).catch((error: { code?: string }) => error.code)).to.equal(
        RpcErrorCode.UNAUTHORIZED,
      );
      expect(await codeOfStart(dataDirectory)).to.equal("STORAGE_LOCKED");
      await first.stop();
      const again = create(dataDirectory, { LOCAL_SLOT_SECONDS: "5", LOCAL_VALIDATORS: "3", LOCAL_FEES: "off" });
      await again.start(new AbortController().signal);
      // Its prover, and every validator that it was deployed with, in a committee or not.
      expect(again.nodes.map(({ options }) => options.name)).to.deep.equal(["prover", "validator-1", "validator-2"]);
      await again.stop();
      const ignored = /LOCAL_SLOT_SECONDS\D+8\D+5\D+LOCAL_VALIDATORS\D+2\D+3; LOCAL_FEES stays on/;
      expect(logger.messages("warn").filter(message => ignored.test(message))).to.have.length(1);
      const file = join(dataDirectory, "deployment.json");
      const text = await readFile(file, "utf8");
      await writeFile(file, text.replace('"slotDuration": 8', '"slotDuration": 9'));
      expect(await codeOfStart(dataDirectory)).to.equal("WIRING_L1_LOST");
      await writeFile(file, text);
      await rm(join(dataDirectory, "l1.json"));
      expect(await codeOfStart(dataDirectory)).to.equal("WIRING_L1_LOST");
      await writeFile(join(root, "file"), "");
      expect(await codeOfStart(join(root, "file"))).to.equal("STORAGE_NOT_WRITABLE");
    } finally {
      await first.stop();
      hasher.close();
      await rm(root, { recursive: true });
    }
  });

  it("says so when its L1 ends by itself, also while it starts, and goes on from what that L1 wrote", async () => {
    const logger = new MemoryLogger();
    const hasher = await createFieldHasher({ logger }, { kind: "simd" });
    const dataDirectory = await mkdtemp(join(tmpdir(), "local-network-"));
    const settings = testSettings({
      LOCAL_SIMULATED_PROOFS: "true",
      LOCAL_L1_PORT: "0",
      LOCAL_BOT: "false",
      LOCAL_VALIDATORS: "1",
      DATA_DIRECTORY: dataDirectory,
    });
    const run = async ({
      killAtStart = false,
      finish,
    }: {
      killAtStart?: boolean;
      finish: (l1: Devnet) => Promise<void>;
    }) => {
      const l1 = Promise.withResolvers<Devnet>();
      const startL1: typeof startDevnet = async (options, keeping) => {
        const devnet = await startDevnet({ ...options, stateIntervalSeconds: 1 }, keeping);
        l1.resolve(devnet);
        if (killAtStart) devnet.kill();
        return devnet;
      };
      const resources = { clock: systemClock, random: systemRandom, hasher, logger, startL1 };
      const { local, bot, wallet } = settings;
      const network = new LocalNetwork(resources, { version: "0", settings, local, bot, wallet });
      const why: string[] = [];
      const error = await runUntilStopped(network, {
        onStarted: () => void l1.promise.then(finish),
        onStopping: reason => why.push(reason),
        finished: network.ended,
      }).catch((cause: { code?: string; message: string }) => cause);
      return { error, why };
    };
    const state = async () => readFile(join(dataDirectory, "l1.json"), "utf8").catch(() => "");
    try {
      const ended = await run({
        finish: async l1 => {
          const head = await l1.request("eth_blockNumber");
          while (!(await state()).includes(`"number":"${String(head)}"`)) await sleep(systemClock, 10);
          l1.kill();
        },
      });
      expect(ended.error).to.include({ code: "WIRING_L1_ENDED" });
      expect(ended.error?.message).to.match(/SIGKILL.*start again/);
      expect(ended.why).to.deep.equal(["WIRING_L1_ENDED"]);
      expect((await run({ killAtStart: true, finish: async () => undefined })).error).to.include({
        code: "WIRING_L1_ENDED",
      });
      const stopped = await run({ finish: async () => void process.emit("SIGTERM") });
      expect(stopped).to.deep.equal({ error: undefined, why: ["SIGTERM"] });
      expect(logger.lines("error")).to.deep.equal([]);
    } finally {
      hasher.close();
      await rm(dataDirectory, { recursive: true });
    }
  });
});
