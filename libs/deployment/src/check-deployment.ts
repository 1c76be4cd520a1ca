import { CodedError, type EthAddress, fieldToHex } from "@sprtn/primitives";
import { type Deployment, genesisAccumulator } from "@sprtn/protocol";
import type { Result } from "ethers";
import { DeploymentError, DeploymentErrorCode } from "./deployment-error.js";
import type { ContractView } from "./l1-requests.js";
import { interfaceOfStep } from "./manifest.js";

/** What a check asks of L1. */
export interface ContractReader {
  readonly chainId: bigint;
  send(method: string, ...params: readonly unknown[]): Promise<unknown>;
  read(view: ContractView, name: string, args?: readonly unknown[]): Promise<Result>;
}

const RIGHTS = { coordinator: 0n, quotes: 1n, open: 2n } as const;

/**
 * Compares a deployment file with L1: the chain, that every contract is there, how they are wired, every parameter that
 * L1 keeps.
 * @throws MISMATCH with all differences
 */
export async function checkDeployment(l1: ContractReader, deployment: Deployment): Promise<void> {
  const problems: string[] = [];
  const same = (what: string, actual: unknown, expected: unknown) => {
    if (shown(actual) !== shown(expected))
      problems.push(`${what} is ${shown(actual)} on L1, but ${shown(expected)} in the file`);
  };
  same("the chain id", l1.chainId, deployment.chainId);
  for (const [name, address] of Object.entries(deployment.contracts)) {
    if ((await l1.send("eth_getCode", address, "latest")) === "0x")
      problems.push(`there is no contract ${name} at ${address}`);
  }
  // Without contracts every other question is pointless.
  if (problems.length === 0) {
    for (const { what, step, address, getter, args, expected } of questions(deployment)) {
      try {
        const [actual] = await l1.read({ contract: interfaceOfStep(step), address }, getter, args);
        same(what, actual, expected);
      } catch (error) {
        // Only a refusal, or an answer that is none, shows another contract.
        if (error instanceof CodedError && !/revert/i.test(`${error.code} ${error.message}`)) throw error;
        problems.push(`${what} cannot be read: the contract at ${address} is a different one`);
      }
    }
    await checkGenesis(l1, deployment, same);
  }
  if (problems.length > 0)
    throw new DeploymentError(
      DeploymentErrorCode.MISMATCH,
      `L1 does not match the deployment file: ${problems.join("; ")}. Check ETHEREUM_HOST, or give the file of the ` +
        "deployment on this L1",
      { problems },
    );
}

interface Question {
  readonly what: string;
  readonly step: string;
  readonly address: EthAddress;
  readonly getter: string;
  readonly args: readonly unknown[];
  readonly expected: unknown;
}

function questions({ contracts, parameters, rollupVersion, keyTreeRoot }: Deployment): Question[] {
  const ask = (step: string, address: EthAddress, expectations: Readonly<Record<string, unknown>>): Question[] =>
    Object.entries(expectations).map(([getter, expected]) => ({
      what: `${step}.${getter}`,
      step,
      address,
      getter,
      args: [],
      expected,
    }));
  const {
    genesisTime,
    slotDuration,
    epochDuration,
    committeeSize,
    proposalLateness,
    proofWindow,
    challengeWindow,
    capacity,
    openBootstrap,
    pendingReward,
    provenReward,
  } = parameters;
  const proverShare = (provenReward * BigInt(parameters.proverShareBps)) / 10_000n;
  const peers = {
    owner: contracts.teocalli,
    validatorRegistry: contracts.validatorRegistry,
    availabilityOracle: contracts.availabilityOracle,
    inbox: contracts.inbox,
    outbox: contracts.outbox,
    feePortal: contracts.feePortal,
    rewards: contracts.rewards,
    token: contracts.token,
    verifier: contracts.verifier,
  };
  const times = {
    genesisTime,
    slotDuration,
    epochDuration,
    committeeSize,
    proposalLateness,
    proofWindow,
    challengeWindow,
    capacity,
    openBootstrap,
  };
  const gas = { l2GasTarget: parameters.gasTarget.l2, daGasTarget: parameters.gasTarget.da };
  const rewards = { pendingReward, provenReward, proverShare, provingRight: RIGHTS[parameters.provingRight] };
  const wired = { rollup: contracts.rollup };
  return [
    ...ask("Rollup", contracts.rollup, {
      ...peers,
      ...times,
      ...gas,
      ...rewards,
      rollupVersion,
      keyTreeRoot: fieldToHex(keyTreeRoot),
    }),
    ...ask("ValidatorRegistry", contracts.validatorRegistry, {
      ...wired,
      owner: contracts.teocalli,
      MINIMUM_STAKE: parameters.minimumStake,
      exitGraceEpochs: parameters.exitGraceEpochs,
    }),
    ...ask("AvailabilityOracle", contracts.availabilityOracle, wired),
    ...ask("Inbox", contracts.inbox, { ...wired, portal: contracts.feePortal, ROLLUP_VERSION: rollupVersion }),
    ...ask("Outbox", contracts.outbox, { ...wired, portal: contracts.feePortal }),
    ...ask("FeePortal", contracts.feePortal, {
      ...wired,
      TOKEN: contracts.token,
      INBOX: contracts.inbox,
      OUTBOX: contracts.outbox,
      REWARDS: contracts.rewards,
      ROLLUP_VERSION: rollupVersion,
      MINIMUM_DEPOSIT: parameters.minimumDeposit,
    }),
    ...ask("Rewards", contracts.rewards, { TOKEN: contracts.token, owner: contracts.teocalli }),
    ...ask("L2AZT", contracts.token, { owner: contracts.teocalli }),
  ];
}

type Same = (what: string, actual: unknown, expected: unknown) => void;

/** The registry's entry, and the genesis record while the buffer still holds it. */
async function checkGenesis(
  l1: ContractReader,
  { contracts, genesis, chainId, rollupVersion, parameters }: Deployment,
  same: Same,
): Promise<void> {
  const [entry] = await l1.read({ contract: interfaceOfStep("Registry"), address: contracts.registry }, "byVersion", [
    rollupVersion,
  ]);
  same("Registry's rollup of this version", (entry as { rollup: string }).rollup, contracts.rollup);
  const rollup = { contract: interfaceOfStep("Rollup"), address: contracts.rollup };
  same("the genesis header's timestamp", parameters.genesisTime, genesis.header.timestamp);
  const [tips] = await l1.read(rollup, "getTips");
  if ((tips as { proven: bigint }).proven !== 0n) return;
  const [record] = await l1.read(rollup, "getRecord", [0]);
  const { archive, accumulator } = record as { archive: string; accumulator: string };
  same("the genesis archive", archive, fieldToHex(genesis.archive));
  same(
    "the genesis accumulator",
    accumulator,
    fieldToHex(genesisAccumulator({ chainId, rollupVersion }, genesis.header)),
  );
}

function shown(value: unknown): string {
  return typeof value === "string" ? value.toLowerCase() : String(value);
}
