import { Wei } from "@sprtn/primitives";
import {
  address,
  decimal,
  defineSettings,
  durationMs,
  hexBytes,
  integer,
  list,
  oneOf,
  type Parser,
  positiveWei,
  type SettingsOf,
  wei,
} from "@sprtn/settings";
import { followableStages } from "./follow-tx.js";
import type { RatePhase } from "./schedule.js";

const share = decimal({ min: 0, max: 1 });

/** "0.1:600" is 0.1 per second for 600 seconds; "1" alone has no end. */
const phase: Parser<RatePhase> = {
  expected: "RATE:SECONDS, without the seconds for a phase that never ends",
  read(text) {
    const match = /^(\d+(?:\.\d+)?)(?::(\d+(?:\.\d+)?))?$/.exec(text);
    if (match === null) return undefined;
    return { txPerSecond: Number(match[1]), seconds: match[2] === undefined ? undefined : Number(match[2]) };
  },
  format: ({ txPerSecond, seconds }) => (seconds === undefined ? `${txPerSecond}` : `${txPerSecond}:${seconds}`),
};

const milliAzt = 10n ** 15n;

/** Rates, mix and limits of the load, and how accounts are funded. */
export const botSettings = defineSettings({
  txPerSecond: {
    env: "BOT_TX_PER_SECOND",
    parse: decimal({ min: 0, max: 1_000 }),
    default: 0.1,
    description: "Payments per second, without end; BOT_SCHEDULE overrides it",
  },
  schedule: {
    env: "BOT_SCHEDULE",
    parse: list(phase),
    default: [],
    defaultText: "BOT_TX_PER_SECOND without end",
    description: "Successive phases of load, such as 0.1:600,1:600,0.1:600",
  },
  privateShare: {
    env: "BOT_PRIVATE_SHARE",
    parse: share,
    default: 0.5,
    description: "Share of payments from notes to notes; the rest after all shares are public transfers",
  },
  shieldShare: {
    env: "BOT_SHIELD_SHARE",
    parse: share,
    default: 0,
    description: "Share of payments from a public balance into a note",
  },
  unshieldShare: {
    env: "BOT_UNSHIELD_SHARE",
    parse: share,
    default: 0,
    description: "Share of payments from a note into a public balance",
  },
  withdrawShare: {
    env: "BOT_WITHDRAW_SHARE",
    parse: share,
    default: 0,
    description: "Share of withdrawals to Ethereum",
  },
  withdrawTo: {
    env: "BOT_WITHDRAW_TO",
    parse: address,
    default: undefined,
    defaultText: "an address that nobody controls",
    description: "Ethereum address that withdrawals go to",
  },
  accounts: {
    env: "BOT_ACCOUNTS",
    parse: integer({ min: 1, max: 1_000 }),
    default: 4,
    description: "Accounts that pay one another",
  },
  seed: {
    env: "BOT_SEED",
    parse: hexBytes(32),
    secret: true,
    default: undefined,
    defaultText: "generated at the first start, and kept if there is a data directory",
    description:
      "32 bytes that the accounts' keys are derived from; without this and without a data directory, the funds of " +
      "a run are lost",
  },
  followStage: {
    env: "BOT_FOLLOW_STAGE",
    parse: oneOf(followableStages),
    default: "pending",
    description: "Stage up to which every payment is followed",
  },
  followTimeoutMs: {
    env: "BOT_FOLLOW_TIMEOUT",
    parse: durationMs({ min: 1_000 }),
    default: 600_000,
    description: "Time after which a payment that has not reached that stage counts as lost",
  },
  maxPending: {
    env: "BOT_MAX_PENDING",
    parse: integer({ min: 1, max: 100_000 }),
    default: 1_000,
    description: "Most payments in flight at once; a payment that comes due beyond that is skipped",
  },
  maxAmount: {
    env: "BOT_MAX_AMOUNT",
    parse: positiveWei,
    default: Wei(1_000_000n),
    description: "Largest payment, in wei of L2-AZT; amounts are drawn at random from 1 wei up to it",
  },
  publicFloor: {
    env: "BOT_PUBLIC_FLOOR",
    parse: wei,
    default: Wei(100n * milliAzt),
    description: "Public balance below which an account is topped up from L1",
  },
  topUp: {
    env: "BOT_TOP_UP",
    parse: positiveWei,
    default: Wei(10_000n * milliAzt),
    description: "Amount of each top-up",
  },
  notesPerAccount: {
    env: "BOT_NOTES_PER_ACCOUNT",
    parse: integer({ min: 1, max: 1_000 }),
    default: 8,
    description: "Notes that each account keeps, which is also how many private payments it can have in flight at once",
  },
  noteValue: {
    env: "BOT_NOTE_VALUE",
    parse: positiveWei,
    default: Wei(100n * milliAzt),
    description: "Value of a new note; private payments pay their fees from it",
  },
  checkMs: {
    env: "BOT_CHECK_INTERVAL",
    parse: durationMs({ min: 100 }),
    default: 5_000,
    description: "How often blocks are read and balances looked at",
  },
});

/** What {@link botSettings} are read into; `botSettingsFrom` makes the bot's settings of it. */
export type BotEnvironment = SettingsOf<typeof botSettings>;
