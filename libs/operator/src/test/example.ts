import type { Installation } from "../installation/installation.js";
import type { FakeOperatorHost } from "./fake-operator-host.js";

/** A well-known development key and its account. */
export const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
export const OTHER_KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
export const ADDRESS = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const ROLLUP = `0x${"ab".repeat(20)}`;
const REGISTRY = `0x${"cd".repeat(20)}`;
export const BOOTNODE = "http://bootnode:8080";
export const L1 = "http://l1:8545";

/** A validator in /srv/v1. */
export const validator: Installation = {
  directory: "/srv/v1",
  name: "validator",
  role: "validator",
  mode: "native",
  rpcPort: 8080,
  p2pPort: 40_400,
  ip: "203.0.113.7",
  ethereumHosts: [L1],
  bootnodeUrl: BOOTNODE,
  privateKey: KEY,
  data: "data",
  further: {},
};

export const programs = {
  execPath: "/usr/bin/node",
  mains: { node: "/opt/sprtn/node.js", "prover-agent": "/opt/sprtn/agent.js" },
  user: "operator",
};

/** A network with a bootnode and an L1, as both answer. */
export function withNetwork(host: FakeOperatorHost): FakeOperatorHost {
  host.endpoints.set(BOOTNODE, {
    node_getNodeInfo: () => ({
      version: "0.1.0",
      network: "test",
      l1ChainId: "31337",
      contracts: { rollup: ROLLUP, validatorRegistry: REGISTRY },
      proofMode: "simulated",
      crs: null,
    }),
  });
  host.endpoints.set(L1, {
    eth_chainId: () => "0x7a69",
    eth_getCode: ([address]) => (address === ROLLUP || address === REGISTRY ? "0x60" : "0x"),
    eth_getBalance: () => `0x${(10n ** 18n).toString(16)}`,
  });
  return host;
}
