import { boolean, bytes32, defineSettings, nodeUrl, type SettingsOf, text } from "@sprtn/settings";
import { denseRange } from "../dense/dense-range.js";

/** What a process is and which network it belongs to. */
export const processSettings = defineSettings({
  localNetwork: {
    env: "LOCAL_NETWORK",
    parse: boolean,
    default: false,
    description: "Run a whole network in this process, including an L1; the default when no role is given",
  },
  node: {
    env: "ROLE_NODE",
    extraFlags: ["--node"],
    parse: boolean,
    default: false,
    description: "Role: follow L1, gossip, answer RPC (every role does)",
  },
  archiver: {
    env: "ROLE_ARCHIVER",
    extraFlags: ["--archiver"],
    parse: boolean,
    default: false,
    description: "Role: store the chain; part of every node",
  },
  sequencer: {
    env: "ROLE_SEQUENCER",
    extraFlags: ["--sequencer"],
    parse: boolean,
    default: false,
    description: "Role: validate and propose with SEQ_PUBLISHER_PRIVATE_KEY",
  },
  proverNode: {
    env: "ROLE_PROVER_NODE",
    extraFlags: ["--prover-node"],
    parse: boolean,
    default: false,
    description: "Role: prove epochs, by handing jobs to agents",
  },
  prover: {
    env: "ROLE_PROVER",
    extraFlags: ["--prover"],
    parse: boolean,
    default: false,
    description: "Role: prover agent for PROVER_BROKER_HOST, or for the prover node in the same process",
  },
  pxe: {
    env: "ROLE_PXE",
    extraFlags: ["--pxe"],
    parse: boolean,
    default: false,
    description: "Role: serve RPC for wallets; part of every node",
  },
  bootstrap: {
    env: "ROLE_P2P_BOOTSTRAP",
    extraFlags: ["--p2p-bootstrap"],
    parse: boolean,
    default: false,
    description: "Role: help others find peers",
  },
  bot: {
    env: "ROLE_BOT",
    extraFlags: ["--bot"],
    parse: boolean,
    default: false,
    description: "Role: send transactions through this node",
  },
  dense: {
    env: "DENSE",
    parse: denseRange,
    default: undefined,
    description:
      "Run these validators of a test network in this process, on a chain that they share, each with the key at " +
      "MNEMONIC_INDEX plus its number",
  },
  deploymentFile: {
    env: "DEPLOYMENT_FILE",
    parse: text("a file"),
    default: undefined,
    description: "The network's deployment file, as the deployer wrote it",
  },
  bootnodeUrl: {
    env: "BOOTNODE_URL",
    aliases: ["BOOT_NODE_URL", "AZTEC_NODE_URL"],
    parse: nodeUrl,
    default: undefined,
    description:
      "RPC URL of a node from which the deployment and a first peer are learnt if there is no DEPLOYMENT_FILE",
  },
  proverUrl: {
    env: "PROVER_CLIENT_URL",
    parse: nodeUrl,
    default: undefined,
    description: "RPC URL of the prover node that proves the epochs that this sequencer coordinates",
  },
  proverKey: {
    env: "PROVER_PUBLISHER_PRIVATE_KEY",
    parse: bytes32,
    secret: true,
    default: undefined,
    description: "L1 private key that pays for proofs that the prover node itself sends",
  },
  name: { env: "NODE_NAME", parse: text("a name"), default: "node", description: "Name of this node in its logs" },
});

/** What {@link processSettings} are read into. */
export type ProcessSettings = SettingsOf<typeof processSettings>;
