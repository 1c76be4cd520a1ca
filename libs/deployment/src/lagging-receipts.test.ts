import { codeOf } from "@sprtn/primitives";
import { expect } from "chai";
import { DeploymentErrorCode } from "./deployment-error.js";
import { ProxiedL1 } from "./testing/proxied-l1.js";

/** More than the polls before L1's blocks are asked. */
const LAG = 8;

describe("an L1 endpoint whose receipts lag behind its count of nonces", () => {
  let l1: ProxiedL1;

  before(async () => {
    l1 = await ProxiedL1.start();
  });

  beforeEach(() => l1.begin());

  afterEach(() => l1.end());

  after(() => l1.stop());

  /** Shows no receipt until each was asked for `times` times. */
  function hideReceipts(times: number): void {
    const asked: Record<string, number> = {};
    l1.proxy.spoil = (result, { method, params }) => {
      if (method !== "eth_getTransactionReceipt") return result;
      const hash = String(params[0]);
      asked[hash] = (asked[hash] ?? 0) + 1;
      return asked[hash] > times ? result : null;
    };
  }

  it("makes it send nothing twice, neither at first nor when it goes on", async () => {
    const usual = await l1.deploy(l1.devnet);
    const transactions = await l1.sent();
    await l1.begin();
    hideReceipts(LAG);
    const deployment = await l1.deploy();
    expect(await l1.sent()).to.equal(transactions);
    expect(Object.keys(deployment.contracts)).to.deep.equal(Object.keys(usual.contracts));
    hideReceipts(LAG);
    expect(await l1.deploy()).to.deep.equal(deployment);
    expect(await l1.sent()).to.equal(transactions);
    expect(l1.logger.lines("warn")).to.deep.equal([]);
  });

  it("is named if it never shows one", async () => {
    await l1.deploy(l1.devnet);
    const transactions = await l1.sent();
    hideReceipts(Infinity);
    const error = await l1.deploy().catch((thrown: unknown) => thrown);
    expect(codeOf(error)).to.equal(DeploymentErrorCode.L1_FAILED);
    expect(error).to.have.property("message").that.includes("does not show by what");
    expect(await l1.sent()).to.equal(transactions);
  });
});
