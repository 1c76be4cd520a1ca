import { boolean, bytes32, defineSettings, integer, type SettingsOf, text, url } from "@sprtn/settings";

/** What a process is and which network it is of. */
export const processSettings = defineSettings({
  localNetwork: {
    env: "LOCAL_NETWORK",
    parse: boolean,
    default: false,
    description: "Run a whole network in this process, with an L1 of its own; the default when no role is given",
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
    description: "Role: keep the chain; part of every node",
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
    description: "Role: prove epochs; hands jobs to agents",
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
  deploymentFile: {
    env: "DEPLOYMENT_FILE",
    parse: text("a file"),
    default: undefined,
    description: "The network's deployment file, as the deployer wrote it",
  },
  bootnodeUrl: {
    env: "BOOTNODE_URL",
    aliases: ["BOOT_NODE_URL", "AZTEC_NODE_URL"],
    parse: url(),
    default: undefined,
    description: "RPC of a node that gives the deployment and its ENR when there is no DEPLOYMENT_FILE",
  },
  proverUrl: {
    env: "PROVER_CLIENT_URL",
    parse: url(),
    default: undefined,
    description: "RPC of the prover node that proves the epochs this sequencer coordinates",
  },
  proverKey: {
    env: "PROVER_PUBLISHER_PRIVATE_KEY",
    parse: bytes32,
    secret: true,
    default: undefined,
    description: "L1 key that pays for proofs sent by the prover node itself",
  },
  name: {
    env: "NODE_NAME",
    parse: text("a name"),
    default: "node",
    description: "How this node calls itself in its logs",
  },
});

/** What {@link processSettings} are read into. */
export type ProcessSettings = SettingsOf<typeof processSettings>;

/** The shape of `--local-network`. */
export const localNetworkSettings = defineSettings({
  validators: {
    env: "LOCAL_VALIDATORS",
    parse: integer({ min: 1, max: 32 }),
    default: 4,
    description: "Validators of a local network",
  },
  slotSeconds: {
    env: "LOCAL_SLOT_SECONDS",
    parse: integer({ min: 2, max: 3600 }),
    default: 8,
    description: "Slot of a local network, s",
  },
  epochSlots: {
    env: "LOCAL_EPOCH_SLOTS",
    parse: integer({ min: 1, max: 1024 }),
    default: 8,
    description: "Slots in an epoch of a local network",
  },
  l1BlockSeconds: {
    env: "LOCAL_L1_BLOCK_SECONDS",
    parse: integer({ min: 1, max: 60 }),
    default: 1,
    description: "Time between blocks of a local network's L1, s",
  },
  l1Port: {
    env: "LOCAL_L1_PORT",
    parse: integer({ min: 0, max: 65_535 }),
    default: 8545,
    description: "Port of a local network's L1; 0 = any free one",
  },
  simulatedProofs: {
    env: "LOCAL_SIMULATED_PROOFS",
    extraFlags: ["--simulated-proofs"],
    parse: boolean,
    default: false,
    description: "Simulate the proofs of a local network: every epoch is proven at once, and nothing is sound",
  },
  bot: { env: "LOCAL_BOT", parse: boolean, default: true, description: "Send transactions in a local network" },
});

/** What {@link localNetworkSettings} are read into. */
export type LocalNetworkSettings = SettingsOf<typeof localNetworkSettings>;
