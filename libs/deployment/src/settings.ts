import {
  address,
  bigInteger,
  boolean,
  bytes32,
  defineSettings,
  durationSeconds,
  integer,
  list,
  oneOf,
  type SettingsOf,
  text,
  wei,
} from "@sprtn/settings";

export { collide } from "./journal-place.js";
export { presets } from "./presets.js";

/** The environment name DEPLOY_X_Y and the short flag --x-y. */
const named = (flag: string) => ({
  env: `DEPLOY_${flag.toUpperCase().replaceAll("-", "_")}`,
  extraFlags: [`--${flag}`],
});
const fromPreset = { default: undefined, defaultText: "the preset's" } as const;
const derived = { default: undefined, defaultText: "follows from the times" } as const;

/** A preset, and everything that can be chosen in its place. */
export const deploymentSettings = defineSettings({
  preset: {
    ...named("preset"),
    parse: oneOf(["local", "sprtn", "phase1", "phase2"]),
    default: "local",
    description: "Network whose parameters are the defaults",
  },
  name: {
    ...named("name"),
    parse: text("a name"),
    default: undefined,
    defaultText: "the preset's name",
    description: "Name of the network",
  },
  out: {
    ...named("out"),
    parse: text("a file"),
    default: "deployment.json",
    description: "Where the deployment file is written: what every node needs to join",
  },
  journal: {
    ...named("journal"),
    parse: text("a file"),
    default: undefined,
    defaultText: "the deployment file's name plus .journal",
    description: "Where progress is saved, so that the same command can continue after an interruption",
  },
  deployerKey: {
    env: "DEPLOYER_PRIVATE_KEY",
    parse: bytes32,
    secret: true,
    default: undefined,
    defaultText: "an account of DEPLOY_MNEMONIC",
    description: "L1 key that sends and pays for the deployment",
  },
  mnemonic: {
    ...named("mnemonic"),
    parse: text("a BIP-39 mnemonic"),
    secret: true,
    default: undefined,
    defaultText: "on chain 31337 the devnet's public test mnemonic, else none",
    description: "Mnemonic for the accounts of the deployer and the initial validators, unless those are given",
  },
  deployerIndex: {
    ...named("deployer-index"),
    parse: integer({ min: 0, max: 2 ** 31 - 1 }),
    default: 0,
    description: "Index of the deployer's account in the mnemonic",
  },
  validators: {
    ...named("validators"),
    parse: list(address, { max: 100_000 }),
    default: undefined,
    defaultText: "accounts of the mnemonic",
    description: "Attester addresses of the initial validators, active from epoch 0",
  },
  validatorCount: {
    ...named("validator-count"),
    parse: integer({ min: 0, max: 100_000 }),
    ...fromPreset,
    description: "Number of initial validators taken from the mnemonic",
  },
  validatorIndex: {
    ...named("validator-index"),
    parse: integer({ min: 0, max: 2 ** 31 - 1 }),
    default: 3,
    description: "Index of the first initial validator's account in the mnemonic",
  },
  slotDuration: {
    ...named("slot-duration"),
    parse: durationSeconds({ min: 1 }),
    ...fromPreset,
    description: "Seconds of a slot",
  },
  epochDuration: {
    ...named("epoch-duration"),
    parse: integer({ min: 1 }),
    ...fromPreset,
    description: "Slots of an epoch",
  },
  committeeSize: {
    ...named("committee-size"),
    parse: integer({ min: 1, max: 1024 }),
    ...fromPreset,
    description: "Most members of an epoch's committee",
  },
  maxTxsPerBlock: {
    ...named("max-txs-per-block"),
    parse: integer({ min: 1, max: 1024 }),
    ...fromPreset,
    description: "Transactions that fit into a block's gas limit; the gas targets follow from it",
  },
  proposalLateness: {
    ...named("proposal-lateness"),
    parse: integer({ min: 0 }),
    ...fromPreset,
    description: "Slots by which a proposal may be late",
  },
  proofWindow: {
    ...named("proof-window"),
    parse: durationSeconds(),
    ...fromPreset,
    description: "Time from an epoch's end to D1, during which only the holder of the proving right may prove it",
  },
  challengeWindow: {
    ...named("challenge-window"),
    parse: durationSeconds(),
    ...fromPreset,
    description: "Time from D1 to D2, during which anyone may prove the epoch; after D2 it is pruned",
  },
  capacity: {
    ...named("capacity"),
    parse: integer({ min: 1 }),
    ...derived,
    description: "Blocks that the Rollup keeps records of",
  },
  exitGraceEpochs: {
    ...named("exit-grace-epochs"),
    parse: integer({ min: 0 }),
    ...derived,
    description: "Epochs from a validator's exit until its stake can be withdrawn",
  },
  l2GasTarget: {
    ...named("l2-gas-target"),
    parse: bigInteger({ min: 1n }),
    default: undefined,
    defaultText: "follows from the transactions per block",
    description: "L2 gas of a block at which the base fee stays the same",
  },
  daGasTarget: {
    ...named("da-gas-target"),
    parse: bigInteger({ min: 1n }),
    default: undefined,
    defaultText: "follows from the transactions per block",
    description: "DA gas of a block at which the base fee stays the same",
  },
  fees: {
    ...named("fees"),
    parse: oneOf(["on", "off"]),
    default: "on",
    description:
      "off: every block's base fees are 1 wei per gas, the least that L1 allows, and its size is bounded by " +
      "SEQ_MAX_TX_PER_BLOCK of the sequencers instead of a gas limit",
  },
  initialBaseFeeL2: {
    ...named("initial-base-fee-l2"),
    parse: wei,
    ...fromPreset,
    description: "Base fee per unit of L2 gas at genesis",
  },
  initialBaseFeeDa: {
    ...named("initial-base-fee-da"),
    parse: wei,
    ...fromPreset,
    description: "Base fee per unit of DA gas at genesis",
  },
  pendingReward: {
    ...named("pending-reward"),
    parse: wei,
    ...fromPreset,
    description: "Tokens credited to the proposer of a block",
  },
  provenReward: {
    ...named("proven-reward"),
    parse: wei,
    ...fromPreset,
    description: "Tokens credited for a proven block, shared by the proposer and the prover",
  },
  proverShareBps: {
    ...named("prover-share-bps"),
    parse: integer({ min: 0, max: 10_000 }),
    ...fromPreset,
    description: "The prover's share of the proven reward, in basis points",
  },
  minimumStake: {
    ...named("minimum-stake"),
    parse: wei,
    ...fromPreset,
    description: "Ether that a validator must stake",
  },
  minimumDeposit: {
    ...named("minimum-deposit"),
    parse: wei,
    ...fromPreset,
    description: "Smallest deposit, in wei of the token",
  },
  openBootstrap: {
    ...named("open-bootstrap"),
    parse: boolean,
    ...fromPreset,
    description: "Whether anyone may propose blocks until the first validator is added",
  },
  provingRight: {
    ...named("proving-right"),
    parse: oneOf(["coordinator", "open"]),
    ...fromPreset,
    description: "Who may prove an epoch before D1",
  },
  genesisTime: {
    ...named("genesis-time"),
    parse: integer({ min: 1 }),
    default: undefined,
    defaultText: "one slot after the start of the deployment",
    description: "Start of slot 0, Unix time in seconds",
  },
  rollupVersion: {
    ...named("rollup-version"),
    parse: bigInteger({ min: 1n, max: 2n ** 64n - 1n }),
    default: undefined,
    defaultText: "drawn from chain id, deployer, name and genesis time",
    description: "Number that distinguishes deployments, so that nothing signed for one can be replayed on another",
  },
  proofs: {
    ...named("proofs"),
    parse: oneOf(["real", "simulated"]),
    default: "real",
    description: "Kind of proofs that the verifier accepts; simulated ones cost nothing and prove nothing",
  },
  crs: {
    ...named("crs"),
    parse: oneOf(["dev", "ignition"]),
    default: "dev",
    description:
      "Structured reference string of real proofs. Under dev anybody can forge them; ignition needs keys derived " +
      "for it first",
  },
  faucet: {
    ...named("faucet"),
    parse: boolean,
    default: true,
    description: "Whether anyone may mint the fee token, up to a million per call, as on test networks",
  },
  rewardsAllocation: {
    ...named("rewards-allocation"),
    parse: wei,
    default: undefined,
    defaultText: "a million tokens",
    description: "Tokens minted for rewards and allocated to the Rollup",
  },
  teocalliSigners: {
    ...named("teocalli-signers"),
    parse: list(address, { min: 1, max: 64 }),
    default: undefined,
    defaultText: "the deployer",
    description: "Signers of Teocalli, which governs the contracts",
  },
  teocalliThreshold: {
    ...named("teocalli-threshold"),
    parse: integer({ min: 1, max: 64 }),
    default: 1,
    description: "Number of signers that a Teocalli command needs",
  },
  teocalliKeys: {
    ...named("teocalli-keys"),
    parse: list(bytes32, { max: 64 }),
    secret: true,
    default: undefined,
    defaultText: "the deployer's",
    description: "Private keys of signers, which sign the allocation of the rewards",
  },
});
/** What {@link deploymentSettings} are read into. */
export type DeploymentSettings = SettingsOf<typeof deploymentSettings>;
