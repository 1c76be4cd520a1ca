import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, startDevnet } from "@sprtn/l1-client/devnet";
import { codeOf } from "@sprtn/primitives";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { deploy } from "./deploy.js";
import { DeploymentErrorCode } from "./deployment-error.js";
import { L1Requests } from "./l1-requests.js";
import { CuttingProxy } from "./testing/cutting-proxy.js";
import { addressOf, dependenciesAt, requestOf } from "./testing/deploy-fixture.js";

/** More than the polls before L1's blocks are asked. */
const LAG = 8;

describe("an L1 endpoint whose receipts lag behind its count of nonces", () => {
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
    proxy.spoil = result => result;
    await rm(directory, { recursive: true });
  });

  after(async () => {
    l1.close();
    await proxy.stop();
    await devnet.stop();
  });

  const run = (at: { readonly url: string }) =>
    deploy(dependenciesAt(at, logger), {
      ...requestOf(account),
      journalPath: join(directory, "journal.json"),
      pollingIntervalMs: 1,
    });
  const sent = () => l1.number("eth_getTransactionCount", addressOf(account), "latest");

  /** Shows no receipt until each was asked for `times` times. */
  function hideReceipts(times: number): void {
    const asked: Record<string, number> = {};
    proxy.spoil = (result, { method, params }) => {
      if (method !== "eth_getTransactionReceipt") return result;
      const hash = String(params[0]);
      asked[hash] = (asked[hash] ?? 0) + 1;
      return asked[hash] > times ? result : null;
    };
  }

  it("makes it send nothing twice, neither at first nor when it goes on", async () => {
    const usual = await run(devnet);
    const transactions = await sent();
    account++;
    directory = await mkdtemp(join(tmpdir(), "deploy-"));
    hideReceipts(LAG);
    const deployment = await run(proxy);
    expect(await sent()).to.equal(transactions);
    expect(Object.keys(deployment.contracts)).to.deep.equal(Object.keys(usual.contracts));
    hideReceipts(LAG);
    expect(await run(proxy)).to.deep.equal(deployment);
    expect(await sent()).to.equal(transactions);
    expect(logger.lines("warn")).to.deep.equal([]);
  });

  it("is named if it never shows one", async () => {
    await run(devnet);
    const transactions = await sent();
    hideReceipts(Infinity);
    const error = await run(proxy).catch((thrown: unknown) => thrown);
    expect(codeOf(error)).to.equal(DeploymentErrorCode.L1_FAILED);
    expect(error).to.have.property("message").that.includes("does not show by what");
    expect(await sent()).to.equal(transactions);
  });
});
