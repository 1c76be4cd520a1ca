import type { ContractAddresses, Deployment, RollupParameters } from "../rollup-parameters.js";
import { z } from "zod";
import { gasFees, header } from "./block.js";
import { address, field, seconds, u32, uint, unixSeconds, wei } from "./scalars.js";

export const contracts: z.ZodType<ContractAddresses> = z.strictObject({
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

export const proofMode = z.enum(["real", "simulated"]);
export const crs = z.enum(["ignition", "dev"]).nullable();

export const parameters: z.ZodType<RollupParameters> = z.strictObject({
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
});

export const deployment: z.ZodType<Deployment> = z
  .strictObject({
    name: z.string().max(200),
    chainId: uint(64),
    rollupVersion: uint(64),
    proofMode,
    crs,
    keyTreeRoot: field,
    l1StartBlock: z.int().min(0),
    parameters,
    contracts,
    genesis: z.strictObject({ header, archive: field }),
  })
  .refine(
    ({ proofMode: mode, crs: kind }) => (mode === "real") === (kind !== null),
    "crs says which reference string real proofs are made with, and is null for simulated ones",
  );
