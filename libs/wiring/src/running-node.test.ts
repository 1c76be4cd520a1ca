import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeDeploymentFile } from "@sprtn/deployment";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { jsFieldHasher } from "@sprtn/primitives";
import { KeyTree } from "@sprtn/state-transition/circuits";
import { buildDeployment, MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { createRunningNode, genesisOf } from "./index.js";
import { testSettings } from "./test/test-settings.js";

describe("SIGN-1: a node whose record of signatures would not survive a restart", () => {
  let directory: string;
  beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), "sprtn-running-node-"))));
  afterEach(async () => rm(directory, { recursive: true }));

  /** Whether it says so before it starts. */
  async function warns(env: Readonly<Record<string, string>>): Promise<boolean> {
    const base = buildDeployment({ name: "test", keyTreeRoot: KeyTree.simulated(jsFieldHasher).root() });
    const { header, archive } = genesisOf(jsFieldHasher, base.parameters);
    const file = join(directory, "deployment.json");
    await writeDeploymentFile(file, { ...base, genesis: { header, archive } });
    const logger = new MemoryLogger();
    const settings = testSettings({ DEPLOYMENT_FILE: file, P2P_ENABLED: "false", ...env });
    const { process, bot, wallet } = settings;
    const node = await createRunningNode(
      { clock: systemClock, random: systemRandom, hasher: jsFieldHasher, logger },
      { version: "0", process, settings, bot, wallet },
    );
    await node.stop();
    return logger.lines("warn").some(({ fields }) => fields["code"] === "VALIDATOR_PROTECTION_IN_MEMORY");
  }

  const sequencer = { ROLE_SEQUENCER: "true", SEQ_PUBLISHER_PRIVATE_KEY: `0x${"01".repeat(32)}` };

  it("says so at start if it signs, and not where the record is on disk or nothing is signed", async () => {
    expect(await warns(sequencer)).to.equal(true);
    expect(await warns({ ...sequencer, DATA_DIRECTORY: join(directory, "data") })).to.equal(false);
    expect(await warns({ ROLE_NODE: "true" })).to.equal(false);
  });
});
