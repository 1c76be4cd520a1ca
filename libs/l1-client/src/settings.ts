import { Wei } from "@sprtn/primitives";
import {
  bigInteger,
  bytes32,
  defineSettings,
  durationMs,
  integer,
  list,
  positiveWei,
  type SettingsOf,
  text,
  url,
  wei,
} from "@sprtn/settings";

/** Endpoints of L1, and how they are used. */
export const l1Settings = defineSettings({
  urls: {
    env: "ETHEREUM_HOST",
    aliases: ["ETHEREUM_HOSTS"],
    parse: list(url(), { min: 1, max: 16 }),
    default: ["http://127.0.0.1:8545"],
    description: "JSON-RPC endpoints of L1, in order of preference; when one fails, the next one is used",
  },
  chainId: {
    env: "L1_CHAIN_ID",
    parse: bigInteger({ min: 1n }),
    default: 31337n,
    description: "Chain id of L1; an endpoint that serves another chain is not used",
  },
  requestTimeoutMs: {
    env: "L1_REQUEST_TIMEOUT",
    parse: durationMs({ min: 100 }),
    default: 15_000,
    description: "How long an L1 endpoint may take to answer",
  },
  slotSeconds: {
    env: "L1_SLOT_SECONDS",
    parse: integer({ min: 1, max: 600 }),
    default: 12,
    description: "Time between L1's blocks, s",
  },
  maxHeadAgeMs: {
    env: "L1_MAX_HEAD_AGE",
    parse: durationMs({ min: 0 }),
    default: undefined,
    defaultText: "10 × L1_SLOT_SECONDS; 0 on chain 31337, where blocks are mined on demand",
    description:
      "Age of the newest block above which an endpoint counts as failed because it has stopped importing (0 = " +
      "never)",
  },
  maxLogRange: {
    env: "L1_MAX_LOG_RANGE",
    parse: integer({ min: 1, max: 1_000_000 }),
    default: 2000,
    description: "L1 blocks per eth_getLogs request; halved when an endpoint refuses, then slowly increased again",
  },
  pollingIntervalMs: {
    env: "L1_POLLING_INTERVAL",
    parse: durationMs({ min: 10 }),
    default: 1000,
    description: "How often L1 is asked whether a transaction is mined",
  },
  maxClockSkewSeconds: {
    env: "L1_MAX_CLOCK_SKEW",
    parse: integer({ min: 1, max: 3600 }),
    default: 3,
    description: "Difference between this machine's clock and L1's blocks at which the node warns, s",
  },
});
/** What {@link l1Settings} are read into. */
export type L1Settings = SettingsOf<typeof l1Settings>;

/** The key that sends, and what its transactions offer. */
export const l1PublisherSettings = defineSettings({
  privateKey: {
    env: "SEQ_PUBLISHER_PRIVATE_KEY",
    aliases: ["PUBLISHER_PRIVATE_KEY"],
    parse: bytes32,
    secret: true,
    default: undefined,
    defaultText: "the account of MNEMONIC",
    description: "Key that sends transactions to L1 and pays for them",
  },
  mnemonic: {
    env: "MNEMONIC",
    parse: text("a BIP-39 mnemonic"),
    secret: true,
    default: undefined,
    defaultText: "none",
    description: "Mnemonic from which the L1 key is derived if no key is given",
  },
  mnemonicIndex: {
    env: "MNEMONIC_INDEX",
    parse: integer({ min: 0, max: 2 ** 31 - 1 }),
    default: 0,
    description: "Index of the account in the mnemonic: m/44'/60'/0'/0/index",
  },
  confirmations: {
    env: "L1_CONFIRMATIONS",
    parse: integer({ min: 1, max: 64 }),
    default: 1,
    description: "Confirmations after which a transaction counts as mined; until then it is sent again after a reorg",
  },
  bumpAfterBlocks: {
    env: "L1_BUMP_AFTER_BLOCKS",
    parse: integer({ min: 1, max: 100 }),
    default: 2,
    description: "L1 blocks without inclusion after which a transaction is replaced by one with a higher fee",
  },
  bumpPercent: {
    env: "L1_BUMP_PERCENT",
    parse: integer({ min: 10, max: 1000 }),
    default: 20,
    description: "How much higher a replacement's fee is, percent; nodes refuse less than 10",
  },
  maxFeePerGas: {
    env: "L1_MAX_FEE_PER_GAS",
    parse: positiveWei,
    default: Wei(500n * 10n ** 9n),
    description: "Highest fee per gas that a transaction offers",
  },
  maxPriorityFeePerGas: {
    env: "L1_MAX_PRIORITY_FEE_PER_GAS",
    parse: positiveWei,
    default: Wei(20n * 10n ** 9n),
    description: "Highest tip per gas that a transaction offers at first, whatever L1 advises; replacements offer more",
  },
  gasMarginPercent: {
    env: "L1_GAS_MARGIN_PERCENT",
    parse: integer({ min: 0, max: 500 }),
    default: 25,
    description: "Added to estimated gas limits, percent",
  },
  lowBalance: {
    env: "L1_LOW_BALANCE",
    parse: wei,
    default: Wei(10n ** 17n),
    description: "Balance of the L1 key below which each transaction logs a warning",
  },
});
/** What {@link l1PublisherSettings} are read into. */
export type L1PublisherSettings = SettingsOf<typeof l1PublisherSettings>;
