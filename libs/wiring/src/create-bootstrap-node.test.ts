import { PrometheusMeter } from "@sprtn/observability";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { type CodedError, jsFieldHasher } from "@sprtn/primitives";
import { createNodeClient, RpcErrorCode } from "@sprtn/rpc";
import { buildDeployment, MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { createBootstrapNode } from "./create-bootstrap-node.js";
import { loadDeployment } from "./load-deployment.js";
import type { NodeOptions } from "./node-options.js";
import { testSettings } from "./test/test-settings.js";
import { WiringErrorCode } from "./wiring-error.js";

const process = { clock: systemClock, random: systemRandom, hasher: jsFieldHasher, logger: new MemoryLogger() };
const deployment = buildDeployment({ name: "test-wiring" });
const create = (env: Record<string, string> = {}) => {
  const options: NodeOptions = {
    name: "boot",
    version: "0",
    roles: new Set(["p2p-bootstrap"]),
    deployment,
    settings: testSettings({ AZTEC_PORT: "0", P2P_DISCOVERY: "false", ...env }),
  };
  return createBootstrapNode(process, new PrometheusMeter(), options);
};

describe("a bootstrap node", () => {
  it("gives those who know its URL the deployment and its ENR, and no chain", async () => {
    const node = await create();
    try {
      await node.start(new AbortController().signal);
      const joined = await loadDeployment({ deploymentFile: undefined, bootnodeUrl: node.rpcUrl() });
      expect(joined.deployment).to.deep.equal(deployment);
      expect(joined.bootstrapNodes).to.have.lengthOf(1);
      const client = createNodeClient(node.rpcUrl());
      expect((await client.getNodeInfo()).roles).to.deep.equal(["p2p-bootstrap"]);
      expect(await client.getEncodedEnr()).to.equal(joined.bootstrapNodes[0]);
      expect(await client.getPeers()).to.deep.equal([]);
      const refusal = (await client.getChainTips().catch((error: CodedError) => error)) as CodedError;
      expect(refusal.code).to.equal(RpcErrorCode.UNKNOWN_METHOD);
    } finally {
      await node.stop();
    }
  });

  it("is refused without P2P", async () => {
    const refusal = (await create({ P2P_ENABLED: "false" }).catch((error: CodedError) => error)) as CodedError;
    expect(refusal.code).to.equal(WiringErrorCode.NO_NETWORK);
  });
});
