import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeDeploymentFile } from "@sprtn/deployment";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { codeOf, jsFieldHasher } from "@sprtn/primitives";
import { KeyTree } from "@sprtn/state-transition/circuits";
import { LevelKvStore } from "@sprtn/storage";
import { buildDeployment, MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { createRunningNode, genesisOf, type RunningNode } from "./index.js";
import { runProtectionCommand } from "./program/protection-command.js";
import { testSettings } from "./test/test-settings.js";

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), "sprtn-running-node-"))));
afterEach(async () => rm(directory, { recursive: true }));

/** A node that is not started. */
async function create(env: Readonly<Record<string, string>>, logger = new MemoryLogger()): Promise<RunningNode> {
  const base = buildDeployment({ name: "test", keyTreeRoot: KeyTree.simulated(jsFieldHasher).root() });
  const { header, archive } = genesisOf(jsFieldHasher, base.parameters);
  const file = join(directory, "deployment.json");
  await writeDeploymentFile(file, { ...base, genesis: { header, archive } });
  const settings = testSettings({ DEPLOYMENT_FILE: file, P2P_ENABLED: "false", ...env });
  const { process, bot, wallet } = settings;
  return createRunningNode(
    { clock: systemClock, random: systemRandom, hasher: jsFieldHasher, logger },
    { version: "0", process, settings, bot, wallet },
  );
}

describe("SIGN-1: a node whose record of signatures would not survive a restart", () => {
  /** Whether it says so before it starts. */
  async function warns(env: Readonly<Record<string, string>>): Promise<boolean> {
    const logger = new MemoryLogger();
    await (await create(env, logger)).stop();
    return logger.lines("warn").some(({ fields }) => fields["code"] === "VALIDATOR_PROTECTION_IN_MEMORY");
  }

  const sequencer = { ROLE_SEQUENCER: "true", SEQ_PUBLISHER_PRIVATE_KEY: `0x${"01".repeat(32)}` };

  it("says so at start if it signs, and not where the record is on disk or nothing is signed", async () => {
    expect(await warns(sequencer)).to.equal(true);
    expect(await warns({ ...sequencer, DATA_DIRECTORY: join(directory, "data") })).to.equal(false);
    expect(await warns({ ROLE_NODE: "true" })).to.equal(false);
  });
});

describe("a node's data directory", () => {
  const stores = ["archive", "p2p", "pool", "prover", "sentinel", "state", "validator"];
  const env = () => ({ ROLE_NODE: "true", DATA_DIRECTORY: join(directory, "data") });

  /** "opened", or the code of what keeps the node from that. */
  const opening = async () =>
    create(env()).then(
      async node => {
        await node.stop();
        return "opened";
      },
      (error: unknown) => codeOf(error),
    );

  it("is refused where a dense process has its record of signatures", async () => {
    await mkdir(join(env().DATA_DIRECTORY, "validators"), { recursive: true });
    expect(await opening()).to.equal("WIRING_OTHER_RECORD");
    expect(await readdir(env().DATA_DIRECTORY)).to.deep.equal(["validators"]);
    const settings = testSettings(env());
    const command = { verb: "export", file: join(directory, "history.json") } as const;
    expect(await runProtectionCommand(command, settings).catch(codeOf)).to.equal("WIRING_OTHER_RECORD");
  });

  it("is one node's at a time", async () => {
    const first = await create(env());
    expect(await opening()).to.equal("STORAGE_LOCKED");
    await first.stop();
    expect(await opening()).to.equal("opened");
  });

  it("is refused when a byte of any of its stores has changed while the node was stopped", async () => {
    expect(await opening()).to.equal("opened");
    expect((await readdir(env().DATA_DIRECTORY)).toSorted()).to.deep.equal(stores);
    for (const store of stores) {
      const folder = join(env().DATA_DIRECTORY, store);
      for (const name of (await readdir(folder)).filter(file => /^CURRENT|^MANIFEST|\.(log|ldb)$/.test(file))) {
        const file = join(folder, name);
        const bytes = await readFile(file);
        if (bytes.length === 0) continue;
        await writeFile(
          file,
          Uint8Array.from(bytes, (byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte)),
        );
        expect(await opening(), `${store}/${name}`).to.equal("STORAGE_CORRUPT");
        await writeFile(file, bytes);
      }
      // What it opened before it came to that store, it has closed again.
      expect(await opening(), store).to.equal("opened");
    }
  });

  it("is refused when a newer version wrote it, in any of its stores", async () => {
    for (const store of stores) {
      expect(await opening()).to.equal("opened");
      const folder = join(env().DATA_DIRECTORY, store);
      const kv = await LevelKvStore.open(folder);
      for await (const [key, value] of kv.entries({ lt: Uint8Array.of(1) }))
        await kv.write([{ type: "put", key, value: Uint8Array.of(0, 0, 0, 99, ...value.subarray(4)) }]);
      await kv.close();
      expect(await opening(), store).to.equal("STORAGE_NEWER_SCHEMA");
      await rm(folder, { recursive: true });
    }
  });
});
