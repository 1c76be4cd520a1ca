import type { ContractAddresses, Deployment, RollupParameters } from "../rollup-parameters.js";
import * as z from "zod/mini";
import { gasFees, header } from "./block.js";
import { address, field, seconds, u32, uint, unixSeconds, wei, whole } from "./scalars.js";

/** Addresses of a deployment's contracts; unknown names are refused. */
export const contracts: z.ZodMiniType<ContractAddresses> = z.strictObject({
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
});

/** Whether L1 verifies proofs. */
export const proofMode = z.enum(["real", "simulated"]);
/** Structured reference string of real proofs; null for simulated ones. */
export const crs = z.nullable(z.enum(["ignition", "dev"]));

/** All parameters of a deployment; unknown names are refused. */
export const parameters: z.ZodMiniType<RollupParameters> = z.strictObject({
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
  proverShareBps: whole(10_000),
  minimumStake: wei,
  exitGraceEpochs: u32,
  minimumDeposit: wei,
  openBootstrap: z.boolean(),
  provingRight: z.enum(["coordinator", "quotes", "open"]),
});

/** The deployment file's content. */
export const deployment: z.ZodMiniType<Deployment> = z
  .strictObject({
    name: z.string().check(z.maxLength(200)),
    chainId: uint(64),
    rollupVersion: uint(64),
    proofMode,
    crs,
    keyTreeRoot: field,
    l1StartBlock: whole(Number.MAX_SAFE_INTEGER),
    parameters,
    contracts,
    genesis: z.strictObject({ header, archive: field }),
  })
  .check(
    z.refine(
      ({ proofMode: mode, crs: kind }) => (mode === "real") === (kind !== null),
      "crs says which reference string real proofs are made with, and is null for simulated ones",
    ),
  );
