import { type Devnet, startDevnet } from "@sprtn/l1-client/devnet";
import { codeOf } from "@sprtn/primitives";
import { expect } from "chai";
import { checkDeployment } from "./check-deployment.js";
import { deploy } from "./deploy.js";
import { DeploymentErrorCode } from "./deployment-error.js";
import { L1Requests } from "./l1-requests.js";
import { CuttingProxy } from "./testing/cutting-proxy.js";
import { addressOf, dependenciesAt, requestOf } from "./testing/deploy-fixture.js";

/** What a method of L1 never answers. */
const malformed: Readonly<Record<string, readonly unknown[]>> = {
  eth_chainId: [null, "", "0x", "31337", "0xzz", 31_337, {}, `0x${"1".repeat(65)}`],
  eth_getBlockByNumber: [null, [], "0x1", { hash: 1, baseFeePerGas: 2, timestamp: 3 }, { hash: "0x12" }],
  eth_getTransactionCount: [null, "0x", -1, `0x${"f".repeat(64)}`],
  eth_getBalance: [null, "1 ether"],
  eth_maxPriorityFeePerGas: [null, "0x-1"],
  eth_blockNumber: [null, {}, `0x${"f".repeat(64)}`],
  eth_getTransactionReceipt: [[], { status: true, blockNumber: "0x1" }, { status: "0x1", blockNumber: null }],
};

describe("an L1 endpoint with malformed answers", () => {
  let devnet: Devnet;
  let proxy: CuttingProxy;
  let account = 9;

  before(async () => {
    devnet = await startDevnet({ accounts: 60 });
    proxy = await CuttingProxy.start(devnet.url);
  });
  after(async () => {
    await proxy.stop();
    await devnet.stop();
  });

  const attempt = () => deploy(dependenciesAt(proxy), requestOf(account));

  for (const [method, answers] of Object.entries(malformed))
    it(`fails with a code where ${method} cannot be understood`, async () => {
      account++;
      for (const answer of answers) {
        proxy.spoil = (result, call) => (call.method === method ? answer : result);
        const error = await attempt().then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect([codeOf(error), String(error)], JSON.stringify(answer)).to.satisfy(
          ([code, text]: [string, string]) =>
            code === DeploymentErrorCode.L1_FAILED && text.includes(method) && text.includes("ETHEREUM_HOST"),
        );
      }
    });

  it("does without an estimate of gas", async () => {
    account++;
    proxy.spoil = (result, { method }) => (method === "eth_estimateGas" ? "much" : result);
    const deployment = await attempt();
    const l1 = await L1Requests.connect(devnet.url);
    await checkDeployment(l1, deployment);
    expect(await l1.number("eth_getTransactionCount", addressOf(account), "latest")).to.be.greaterThan(10);
    l1.close();
  });
});
