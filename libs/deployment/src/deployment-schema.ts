import { BlockNumber, EthAddress, Field, fieldToHex, isField, Seconds, Slot, UnixSeconds, type Wei } from "@sprtn/primitives";
import type { BlockHeader, ContractAddresses, Deployment, RollupParameters } from "@sprtn/protocol";
import { z } from "zod";

/** Schemas decode JSON to the domain's types and encode them back; what is unknown is refused. */

const U32_MAX = 2 ** 32 - 1;

const field = z.codec(z.string().regex(/^0x[0-9a-f]{64}$/, "not 0x and 64 lower-case hex digits"), z.custom<Field>(value => typeof value === "bigint" && isField(value), "not below the field modulus"), {
  decode: hex => BigInt(hex) as Field,
  encode: fieldToHex,
});

const ADDRESS = /^0x[0-9a-f]{40}$/;
const address = z.codec(z.string().regex(ADDRESS, "not 0x and 40 lower-case hex digits"), z.custom<EthAddress>(value => ADDRESS.test(String(value)), "not a lower-case address"), {
  decode: EthAddress,
  encode: value => value,
});

/** Below 2^`bits`; decimal text in JSON, whose numbers are too small. */
function uint<T extends bigint = bigint>(bits: number) {
  const domain = z.custom<T>(value => typeof value === "bigint" && value >= 0n && value >> BigInt(bits) === 0n, `not a whole number below 2^${bits}`);
  return z.codec(z.string().max(80).regex(/^(0|[1-9][0-9]*)$/, "not a decimal number as a text"), domain, { decode: text => BigInt(text) as T, encode: String });
}

function count<T extends number>(make: (value: number) => T, max = U32_MAX) {
  return z.codec(z.int().min(0).max(max), z.custom<T>(value => Number.isSafeInteger(value)), { decode: make, encode: value => value as number });
}

const u32 = z.int().min(0).max(U32_MAX);
const unixSeconds = count(UnixSeconds, Number.MAX_SAFE_INTEGER);
const seconds = count(Seconds);
const wei = uint<Wei>(256);
const gasFees = z.strictObject({ perL2Gas: uint(64), perDaGas: uint(64) });

const parameters = z.strictObject({
  genesisTime: unixSeconds,
  slotDuration: seconds,
  epochDuration: u32,
  committeeSize: u32,
  proposalLateness: u32,
  proofWindow: seconds,
  challengeWindow: seconds,
  capacity: u32,
  gasTarget: z.strictObject({ l2: uint(64), da: uint(64) }),
  initialBaseFees: gasFees,
  pendingReward: wei,
  provenReward: wei,
  proverShareBps: z.int().min(0).max(10_000),
  minimumStake: wei,
  exitGraceEpochs: u32,
  openBootstrap: z.boolean(),
  provingRight: z.enum(["coordinator", "quotes", "open"]),
}) satisfies z.ZodType<RollupParameters>;

const contracts = z.strictObject({
  teocalli: address,
  registry: address,
  validatorRegistry: address,
  rollup: address,
  rewards: address,
  availabilityOracle: address,
  inbox: address,
  outbox: address,
  feePortal: address,
  token: address,
  verifier: address,
}) satisfies z.ZodType<ContractAddresses>;

const header = z.strictObject({
  lastArchive: field,
  number: count(BlockNumber),
  slot: count(Slot),
  timestamp: unixSeconds,
  coinbase: address,
  feeRecipient: field,
  baseFees: gasFees,
  daHash: field,
  inHash: field,
  outHash: field,
  txCount: u32,
  totalBaseFees: uint(128),
  totalL2Gas: uint(64),
  totalDaGas: uint(64),
  stateHash: field,
}) satisfies z.ZodType<BlockHeader>;

export const deploymentSchema = z.strictObject({
  name: z.string().min(1).max(200),
  chainId: uint(64),
  rollupVersion: uint(64),
  proofMode: z.enum(["real", "simulated"]),
  keyTreeRoot: field,
  l1StartBlock: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  parameters,
  contracts,
  genesis: z.strictObject({ header, archive: field }),
}) satisfies z.ZodType<Deployment>;
