import { codeOf } from "@sprtn/primitives";
import { expect } from "chai";
import { DeploymentErrorCode } from "./deployment-error.js";
import type { JournalContent } from "./journal.js";
import { ProxiedL1 } from "./testing/proxied-l1.js";

const STEPS = 18;

describe("an L1 endpoint whose count of nonces lags when a deployment is gone on with", () => {
  let l1: ProxiedL1;

  before(async () => {
    l1 = await ProxiedL1.start();
  });

  beforeEach(() => l1.begin());

  afterEach(() => l1.end());

  after(() => l1.stop());

  /** The deployer's machine dies when all steps are handed out; L1 has included the first `mined`, and has the rest. */
  async function interrupted(mined: number): Promise<void> {
    const { devnet, proxy, deployer } = l1;
    await devnet.request("eth_sendTransaction", [{ from: deployer, to: deployer }]);
    await devnet.setAutomine(false);
    let handedOut = 0;
    proxy.decide = ({ method }) => {
      if (method === "eth_sendRawTransaction") handedOut++;
      return handedOut === STEPS && method === "eth_blockNumber" ? "cut" : "pass";
    };
    expect(codeOf(await l1.deploy().catch((thrown: unknown) => thrown))).to.equal(DeploymentErrorCode.L1_FAILED);
    await devnet.request("anvil_dropAllTransactions");
    const { steps } = JSON.parse(await l1.journal()) as JournalContent;
    for (const [index, { attempts }] of Object.values(steps).entries()) {
      await devnet.request("eth_sendRawTransaction", [attempts[0]?.raw]);
      if (index === mined - 1) await devnet.mine();
    }
    expect(await l1.sent()).to.equal(1 + mined);
    // From here on, each look at the head brings a block.
    proxy.decide = ({ method }) => {
      if (method === "eth_blockNumber") void devnet.mine();
      return "pass";
    };
  }

  function lag(by: number, times: number): void {
    let lies = 0;
    l1.proxy.spoil = (result, { method, params }) =>
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
      await l1.deploy();
      expect(await l1.sent()).to.equal(1 + STEPS);
      expect(l1.logger.lines("warn")).to.deep.equal([]);
    });

  it("is named if it stays so, and the journal stays what it was", async () => {
    await interrupted(8);
    const journal = await l1.journal();
    lag(2, Infinity);
    const error = await l1.deploy().catch((thrown: unknown) => thrown);
    expect(codeOf(error)).to.equal(DeploymentErrorCode.L1_FAILED);
    expect(error).to.have.property("message").that.includes("from 7 to 8");
    expect(await l1.journal()).to.equal(journal);
    l1.proxy.spoil = result => result;
    await l1.deploy();
    expect(await l1.sent()).to.equal(1 + STEPS);
  });
});
