import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, startDevnet } from "@sprtn/l1-client/devnet";
import { codeOf } from "@sprtn/primitives";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { deploy } from "./deploy.js";
import { DeploymentErrorCode } from "./deployment-error.js";
import type { JournalContent } from "./journal.js";
import { L1Requests } from "./l1-requests.js";
import { CuttingProxy } from "./testing/cutting-proxy.js";
import { addressOf, dependenciesAt, requestOf } from "./testing/deploy-fixture.js";

const STEPS = 18;

describe("an L1 endpoint whose count of nonces lags when a deployment is gone on with", () => {
  let devnet: Devnet;
  let l1: L1Requests;
  let proxy: CuttingProxy;
  let directory: string;
  let logger: MemoryLogger;
  let account = 9;

  before(async () => {
    devnet = await startDevnet({ accounts: 60 });
    l1 = await L1Requests.connect(devnet.url);
    proxy = await CuttingProxy.start(devnet.url);
  });

  beforeEach(async () => {
    account++;
    logger = new MemoryLogger();
    directory = await mkdtemp(join(tmpdir(), "deploy-"));
  });

  afterEach(async () => {
    proxy.decide = () => "pass";
    proxy.spoil = result => result;
    await rm(directory, { recursive: true });
    await devnet.request("anvil_dropAllTransactions");
    await devnet.setAutomine(true);
    await devnet.mine();
  });

  after(async () => {
    l1.close();
    await proxy.stop();
    await devnet.stop();
  });

  const journalPath = () => join(directory, "journal.json");
  const run = () =>
    deploy(dependenciesAt(proxy, logger), { ...requestOf(account), journalPath: journalPath(), pollingIntervalMs: 1 });
  const sent = () => l1.number("eth_getTransactionCount", addressOf(account), "latest");

  /** The deployer's machine dies when all steps are handed out; L1 has included the first `mined`, and has the rest. */
  async function interrupted(mined: number): Promise<void> {
    await devnet.request("eth_sendTransaction", [{ from: addressOf(account), to: addressOf(account) }]);
    await devnet.setAutomine(false);
    let handedOut = 0;
    proxy.decide = ({ method }) => {
      if (method === "eth_sendRawTransaction") handedOut++;
      return handedOut === STEPS && method === "eth_blockNumber" ? "cut" : "pass";
    };
    expect(codeOf(await run().catch((thrown: unknown) => thrown))).to.equal(DeploymentErrorCode.L1_FAILED);
    await devnet.request("anvil_dropAllTransactions");
    const { steps } = JSON.parse(await readFile(journalPath(), "utf8")) as JournalContent;
    for (const [index, { attempts }] of Object.values(steps).entries()) {
      await devnet.request("eth_sendRawTransaction", [attempts[0]?.raw]);
      if (index === mined - 1) await devnet.mine();
    }
    expect(await sent()).to.equal(1 + mined);
    // From here on, each look at the head brings a block.
    proxy.decide = ({ method }) => {
      if (method === "eth_blockNumber") void devnet.mine();
      return "pass";
    };
  }

  function lag(by: number, times: number): void {
    let lies = 0;
    proxy.spoil = (result, { method, params }) =>
      method === "eth_getTransactionCount" && params[1] === "latest" && lies++ < times
        ? `0x${(Number(result) - by).toString(16)}`
        : result;
  }

  for (const [mined, by, times] of [
    [0, 1, 3],
    [8, 2, 1],
    [8, 8, 9],
  ] as const)
    it(`makes it send nothing twice: ${mined} mined, ${by} behind, for ${times} answers`, async () => {
      await interrupted(mined);
      lag(by, times);
      await run();
      expect(await sent()).to.equal(1 + STEPS);
      expect(logger.lines("warn")).to.deep.equal([]);
    });

  it("is named if it stays so, and the journal stays what it was", async () => {
    await interrupted(8);
    const journal = await readFile(journalPath(), "utf8");
    lag(2, Infinity);
    const error = await run().catch((thrown: unknown) => thrown);
    expect(codeOf(error)).to.equal(DeploymentErrorCode.L1_FAILED);
    expect(error).to.have.property("message").that.includes("from 7 to 8");
    expect(await readFile(journalPath(), "utf8")).to.equal(journal);
    proxy.spoil = result => result;
    await run();
    expect(await sent()).to.equal(1 + STEPS);
  });
});
