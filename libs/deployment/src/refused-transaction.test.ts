import { codeOf } from "@sprtn/primitives";
import { expect } from "chai";
import { DeploymentErrorCode } from "./deployment-error.js";
import { ProxiedL1 } from "./testing/proxied-l1.js";

describe("an L1 endpoint that answers a transaction with an error", () => {
  let l1: ProxiedL1;

  before(async () => {
    l1 = await ProxiedL1.start();
  });

  beforeEach(() => l1.begin());

  afterEach(() => l1.end());

  after(() => l1.stop());

  const complain = (text: string) => {
    l1.proxy.complain = ({ method }) => (method === "eth_sendRawTransaction" ? text : undefined);
  };

  for (const text of [
    "already known",
    "known transaction: 0xabcd",
    "transaction already imported",
    "nonce too low: next nonce 5, tx nonce 4",
    "replacement transaction underpriced",
    "max fee per gas less than block base fee",
  ])
    it(`goes on where L1 may have it all the same: ${text}`, async () => {
      complain(text);
      expect((await l1.deploy()).contracts).to.have.property("rollup");
    });

  for (const text of ["unknown transaction type", "oversized data", "intrinsic gas too low"])
    it(`ends where L1 will not take it, and says what L1 said: ${text}`, async () => {
      complain(text);
      const error = await l1.deploy().catch((thrown: unknown) => thrown);
      expect(codeOf(error)).to.equal(DeploymentErrorCode.STEP_FAILED);
      expect(error).to.have.property("message").that.includes(text);
    });
});
