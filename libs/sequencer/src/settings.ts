import { type Bytes32, FIELD_MODULUS } from "@sprtn/primitives";
import {
  addressOfSomebody,
  boolean,
  bytes32,
  defineSettings,
  integer,
  type Parser,
  type SettingsOf,
} from "@sprtn/settings";

/** An account's address is a field element, and no account has the address 0. */
const accountAddress: Parser<Bytes32> = {
  expected: "an L2 address: 0x and 64 hex digits, above 0 and below the BN254 scalar modulus",
  read(value) {
    const hex = bytes32.read(value);
    return hex !== undefined && BigInt(hex) > 0n && BigInt(hex) < FIELD_MODULUS ? hex : undefined;
  },
};

/** When blocks are built, how large, and for whom. */
export const sequencerSettings = defineSettings({
  enforceTimeTable: {
    env: "SEQ_ENFORCE_TIME_TABLE",
    parse: boolean,
    default: false,
    description: "Give up a slot when a step would begin later than the timetable allows",
  },
  maxTxPerBlock: {
    env: "SEQ_MAX_TX_PER_BLOCK",
    parse: integer({ min: 1, max: 1024 }),
    default: 32,
    description: "Most transactions in a block; with simulated proofs this bounds the throughput",
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
    description: "Shortest time between two blocks, s",
  },
  maxSecondsBetweenBlocks: {
    env: "SEQ_MAX_SECONDS_BETWEEN_BLOCKS",
    parse: integer({ min: 0, max: 86_400 }),
    default: 0,
    description:
      "Age of the last block at which a new one is built regardless of the number of transactions, s; 0 = never",
  },
  coinbase: {
    env: "COINBASE",
    parse: addressOfSomebody,
    default: undefined,
    defaultText: "the validator's address",
    description: "Ethereum address that receives the block rewards",
  },
  feeRecipient: {
    env: "FEE_RECIPIENT",
    parse: accountAddress,
    default: undefined,
    defaultText: "an account derived from the validator's key",
    description: "L2 address that receives the tips",
  },
});

/** What {@link sequencerSettings} are read into. */
export type SequencerOptions = SettingsOf<typeof sequencerSettings>;
