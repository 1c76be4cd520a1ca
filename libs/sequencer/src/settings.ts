import { address, boolean, bytes32, defineSettings, integer, type SettingsOf } from "@sprtn/settings";

/** When blocks are built, how large, and for whom. */
export const sequencerSettings = defineSettings({
  enforceTimeTable: {
    env: "SEQ_ENFORCE_TIME_TABLE",
    parse: boolean,
    default: false,
    description: "Give a slot up when a step would begin later than its timetable allows",
  },
  maxTxPerBlock: {
    env: "SEQ_MAX_TX_PER_BLOCK",
    parse: integer({ min: 1, max: 1024 }),
    default: 32,
    description: "Most transactions in a block; with simulated proofs this is what bounds the load",
  },
  minTxPerBlock: {
    env: "SEQ_MIN_TX_PER_BLOCK",
    parse: integer({ min: 0, max: 1024 }),
    default: 1,
    description: "Fewest transactions for which a block is built",
  },
  minSecondsBetweenBlocks: {
    env: "SEQ_MIN_SECONDS_BETWEEN_BLOCKS",
    parse: integer({ min: 0, max: 86_400 }),
    default: 0,
    description: "No block is built sooner after the last one, s",
  },
  maxSecondsBetweenBlocks: {
    env: "SEQ_MAX_SECONDS_BETWEEN_BLOCKS",
    parse: integer({ min: 0, max: 86_400 }),
    default: 0,
    description: "A block is built however few transactions there are once the last one is this old, s; 0 = never",
  },
  coinbase: {
    env: "COINBASE",
    parse: address,
    default: undefined,
    defaultText: "the validator's address",
    description: "Ethereum address that block rewards go to",
  },
  feeRecipient: {
    env: "FEE_RECIPIENT",
    parse: bytes32,
    default: undefined,
    defaultText: "an account derived from the validator's key",
    description: "L2 address that tips go to",
  },
});

/** What {@link sequencerSettings} are read into. */
export type SequencerOptions = SettingsOf<typeof sequencerSettings>;
