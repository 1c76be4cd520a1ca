import { readFileSync } from "node:fs";
import type { BaseContract } from "ethers";
import { emptyHeader, encodeHeader, zero32 } from "./header.ts";
import { ethers, networkHelpers } from "./network.ts";

type Argument = { param: string } | { ref: string } | { struct: Record<string, Argument> };
interface Step {
  id: string;
  only?: string;
  kind: "deploy" | "call";
  contract?: string;
  target?: string;
  function?: string;
  args: Argument[];
}

const manifest: { steps: Step[] } = JSON.parse(
  readFileSync(new URL("../../deployment-manifest.json", import.meta.url), "utf8"),
);

export interface DeploymentParameters {
  [name: string]: unknown;
  genesisTime: number;
  slotDuration: number;
  epochDuration: number;
  committeeSize: number;
  proposalLateness: number;
  proofWindow: number;
  challengeWindow: number;
  capacity: number;
  pendingReward: bigint;
  provenReward: bigint;
  proverShareBps: number;
  openBootstrap: boolean;
  /** 0 coordinator, 1 quotes, 2 open */
  provingRight: number;
  rollupVersion: number;
  minimumStake: bigint;
  exitGraceEpochs: number;
  minimumDeposit: bigint;
  initialValidators: string[];
}

/** Small numbers under which every rule can be reached in a few slots. */
export async function defaultParameters(overrides: Partial<DeploymentParameters> = {}): Promise<DeploymentParameters> {
  const [deployer] = await ethers.getSigners();
  const merged = {
    teocalliSigners: [deployer!.address],
    teocalliThreshold: 1,
    faucet: true,
    minimumStake: 10n,
    exitGraceEpochs: 5,
    minimumDeposit: 1n,
    initialValidators: [],
    genesisTime: (await networkHelpers.time.latest()) + 1000,
    slotDuration: 10,
    epochDuration: 4,
    committeeSize: 4,
    proposalLateness: 0,
    proofWindow: 40,
    challengeWindow: 40,
    capacity: 14,
    l2GasTarget: 100_000n,
    daGasTarget: 10_000n,
    initialBaseFeeL2: 1000n,
    initialBaseFeeDa: 2000n,
    pendingReward: 100n,
    provenReward: 50n,
    proverShareBps: 3000,
    openBootstrap: false,
    provingRight: 0,
    rollupVersion: 7,
    genesisArchive: `0x${"11".repeat(32)}`,
    keyTreeRoot: zero32,
    ...overrides,
  };
  const genesisHeader = encodeHeader({
    ...emptyHeader,
    timestamp: BigInt(merged.genesisTime),
    baseFeePerL2Gas: merged.initialBaseFeeL2,
    baseFeePerDaGas: merged.initialBaseFeeDa,
    lastArchive: `0x${"22".repeat(32)}`,
    stateHash: `0x${"23".repeat(32)}`,
  });
  return { genesisHeader, ...merged };
}

/** Follows deployment-manifest.json. */
export async function deploy(parameters: DeploymentParameters, proofs: "simulated" | "dev" = "simulated") {
  const addresses: Record<string, string> = {};
  const contracts: Record<string, BaseContract> = {};
  /** Hash of the transaction that created each contract. */
  const creations: Record<string, string> = {};
  const resolve = (argument: Argument): unknown => {
    if ("param" in argument) {
      if (!(argument.param in parameters)) throw new Error(`no parameter ${argument.param}`);
      return parameters[argument.param];
    }
    if ("ref" in argument) return addresses[argument.ref];
    return Object.fromEntries(Object.entries(argument.struct).map(([name, inner]) => [name, resolve(inner)]));
  };
  for (const step of manifest.steps.filter(({ only }) => only === undefined || only === proofs)) {
    const args = step.args.map(resolve);
    if (step.kind === "deploy") {
      const contract = await ethers.deployContract(step.contract!, args);
      contracts[step.id] = contract;
      addresses[step.id] = await contract.getAddress();
      creations[step.id] = contract.deploymentTransaction()!.hash;
    } else {
      await contracts[step.target!]!.getFunction(step.function!)(...args);
    }
  }
  return {
    parameters,
    addresses,
    creations,
    teocalli: await ethers.getContractAt("Teocalli", addresses.Teocalli!),
    token: await ethers.getContractAt("L2AZT", addresses.L2AZT!),
    rewards: await ethers.getContractAt("Rewards", addresses.Rewards!),
    validatorRegistry: await ethers.getContractAt("ValidatorRegistry", addresses.ValidatorRegistry!),
    oracle: await ethers.getContractAt("AvailabilityOracle", addresses.AvailabilityOracle!),
    inbox: await ethers.getContractAt("Inbox", addresses.Inbox!),
    outbox: await ethers.getContractAt("Outbox", addresses.Outbox!),
    portal: await ethers.getContractAt("FeePortal", addresses.FeePortal!),
    rollup: await ethers.getContractAt("Rollup", addresses.Rollup!),
    registry: await ethers.getContractAt("Registry", addresses.Registry!),
    verifier: await ethers.getContractAt("SimulatedProofVerifier", addresses.Verifier!),
  };
}

export type Deployment = Awaited<ReturnType<typeof deploy>>;
