import { addressToField, Bytes32, fieldToHex, keccak256, toHex, UnixSeconds, Wei } from "@sprtn/primitives";
import { type Deployment, encodeHeader, type RollupParameters } from "@sprtn/protocol";
import { unixSeconds } from "@sprtn/runtime";
import { computeAddress } from "ethers";
import { assertParameters, assertRollupVersion } from "./assert-parameters.js";
import { checkDeployment } from "./check-deployment.js";
import type { DeployDependencies, DeployRequest, Genesis } from "./deploy-request.js";
import { DeployerAccount } from "./deployer-account.js";
import { DeploymentError, DeploymentErrorCode } from "./deployment-error.js";
import { drawnRollupVersion } from "./drawn-rollup-version.js";
import { Journal } from "./journal.js";
import { L1Requests, numberOf } from "./l1-requests.js";
import { creationCode, manifestFor } from "./manifest.js";
import { planSteps } from "./planned-step.js";
import { addressIn, sendSteps } from "./send-steps.js";

const RIGHTS = { coordinator: 0, quotes: 1, open: 2 } as const;
const DEFAULT_ALLOCATION = Wei(10n ** 24n);
const DEFAULT_POLLING_MS = 250;
/** How long a funding command stays valid: it is sent immediately, and signed again if that takes longer. */
const COMMAND_SECONDS = 86_400;

/**
 * Deploys the contracts from committed artefacts, following `deployment-manifest.json`, funds Rewards, and checks the
 * result against L1. With a journal, a run that was cut off anywhere is gone on with by the same call; after the end it
 * returns the same deployment again.
 * @throws DeploymentError: BAD_PARAMETERS before anything is sent, OTHER_PLAN, BAD_JOURNAL, INSUFFICIENT_BALANCE,
 *   STEP_FAILED, NONCE_CONTENTION, MISMATCH, WRONG_CHAIN, L1_FAILED, FILE_ACCESS
 */
export async function deploy(dependencies: DeployDependencies, request: DeployRequest): Promise<Deployment> {
  assertParameters(request.parameters);
  if (request.rollupVersion !== undefined) assertRollupVersion(request.rollupVersion);
  const { crs = null } = request;
  const commandKeys = commandKeysOf(request);
  const l1 = await L1Requests.connect(dependencies.url);
  try {
    if (request.expectedChainId !== undefined && l1.chainId !== request.expectedChainId) {
      throw new DeploymentError(
        DeploymentErrorCode.WRONG_CHAIN,
        `L1 is chain ${l1.chainId}, not ${request.expectedChainId}: check ETHEREUM_HOST and L1_CHAIN_ID`,
      );
    }
    const account = new DeployerAccount({ l1 }, { key: request.deployerKey });
    const journal = await Journal.open(request.journalPath);
    const plan = planOf(request, {
      chainId: l1.chainId,
      l1Genesis: await genesisHashOf(l1),
      deployer: account.address,
    });
    if (journal.content && journal.content.plan !== plan) {
      throw new DeploymentError(
        DeploymentErrorCode.OTHER_PLAN,
        `the journal ${request.journalPath} belongs to a deployment with other parameters, validators, contracts ` +
          "or key, or on another L1 (every new anvil is another L1): use the same ones again, or delete the journal " +
          "to start a new deployment",
      );
    }
    if (!journal.content) await journal.write({ plan, genesisTime: await genesisTimeOf(l1, request), steps: {} });
    const parameters = { ...request.parameters, genesisTime: UnixSeconds(journal.content?.genesisTime ?? 0) };
    const genesis = genesisOf(request, parameters);
    const { chainId } = l1;
    const identity = { chainId, deployer: account.address, name: request.name, genesisTime: parameters.genesisTime };
    const rollupVersion = request.rollupVersion ?? drawnRollupVersion(identity);
    const steps = planSteps(
      valuesOf(request, { parameters, genesis, rollupVersion, deployer: account.address }),
      {
        faucet: request.faucet ?? true,
        chainId,
        commandKeys,
        deadline: () => UnixSeconds(unixSeconds(dependencies.clock) + COMMAND_SECONDS),
        rewardsAllocation: request.rewardsAllocation ?? DEFAULT_ALLOCATION,
        mint: request.mint ?? [],
      },
      manifestFor(crs),
    );
    const settings = { pollingIntervalMs: request.pollingIntervalMs ?? DEFAULT_POLLING_MS, signal: request.signal };
    const l1StartBlock = await sendSteps(
      { l1, account, journal, clock: dependencies.clock, logger: dependencies.logger },
      settings,
      steps,
    );
    const address = (id: string) => addressIn(journal.content, id);
    const deployment: Deployment = {
      name: request.name,
      chainId,
      rollupVersion,
      proofMode: crs === null ? "simulated" : "real",
      crs,
      keyTreeRoot: request.keyTreeRoot,
      l1StartBlock,
      parameters,
      contracts: {
        teocalli: address("Teocalli"),
        registry: address("Registry"),
        validatorRegistry: address("ValidatorRegistry"),
        rollup: address("Rollup"),
        rewards: address("Rewards"),
        availabilityOracle: address("AvailabilityOracle"),
        inbox: address("Inbox"),
        outbox: address("Outbox"),
        feePortal: address("FeePortal"),
        token: address("L2AZT"),
        verifier: address("Verifier"),
      },
      genesis,
    };
    await checkDeployment(l1, deployment);
    return deployment;
  } finally {
    l1.close();
  }
}

/** Soon, for a deployment that does not say when. */
async function genesisTimeOf(l1: L1Requests, { parameters }: DeployRequest): Promise<number> {
  if (parameters.genesisTime > 0) return parameters.genesisTime;
  const timestamp = await l1.ask("eth_getBlockByNumber", ["latest", false], block =>
    numberOf((block as { readonly timestamp?: unknown }).timestamp),
  );
  return timestamp + parameters.slotDuration;
}

function genesisOf({ genesis }: DeployRequest, parameters: RollupParameters): Genesis {
  const { header, archive } = typeof genesis === "function" ? genesis(parameters.genesisTime) : genesis;
  const { timestamp, baseFees } = header;
  const { perL2Gas, perDaGas } = parameters.initialBaseFees;
  if (timestamp !== parameters.genesisTime || baseFees.perL2Gas !== perL2Gas || baseFees.perDaGas !== perDaGas) {
    throw new DeploymentError(
      DeploymentErrorCode.BAD_PARAMETERS,
      "the genesis header does not match the parameters: its timestamp must be the genesis time, and its base fees " +
        "the initial ones",
    );
  }
  return { header, archive };
}

/** The manifest's parameters by their names there. */
function valuesOf(
  request: DeployRequest,
  known: {
    readonly parameters: RollupParameters;
    readonly genesis: Genesis;
    readonly rollupVersion: bigint;
    readonly deployer: string;
  },
): Readonly<Record<string, unknown>> {
  const { parameters, genesis, rollupVersion, deployer } = known;
  return {
    ...parameters,
    l2GasTarget: parameters.gasTarget.l2,
    daGasTarget: parameters.gasTarget.da,
    initialBaseFeeL2: parameters.initialBaseFees.perL2Gas,
    initialBaseFeeDa: parameters.initialBaseFees.perDaGas,
    provingRight: RIGHTS[parameters.provingRight],
    rollupVersion,
    genesisArchive: fieldToHex(genesis.archive),
    keyTreeRoot: fieldToHex(request.keyTreeRoot),
    genesisHeader: toHex(encodeHeader(genesis.header)),
    teocalliSigners: request.teocalli?.signers ?? [deployer],
    teocalliThreshold: request.teocalli?.threshold ?? 1,
    faucet: request.faucet ?? true,
    initialValidators: request.validators.map(validator => fieldToHex(addressToField(validator))),
  };
}

/** The keys for Teocalli's commands. @throws BAD_PARAMETERS when the funding needs more than there are */
function commandKeysOf({
  teocalli,
  deployerKey,
  rewardsAllocation = DEFAULT_ALLOCATION,
  mint = [],
  faucet = true,
}: DeployRequest): readonly Bytes32[] {
  if (!teocalli) return [deployerKey];
  const keys = teocalli.keys.filter(key =>
    teocalli.signers.includes(computeAddress(key).toLowerCase() as (typeof teocalli.signers)[number]),
  );
  const commands = rewardsAllocation > 0n || (mint.length > 0 && !faucet);
  if (commands && keys.length < teocalli.threshold) {
    throw new DeploymentError(
      DeploymentErrorCode.BAD_PARAMETERS,
      `funding needs ${teocalli.threshold} signatures of Teocalli's signers, but there are ${keys.length} keys: ` +
        "give more keys, or set the rewards allocation to 0",
    );
  }
  return keys.slice(0, teocalli.threshold);
}

/** Distinguishes chains with the same id: each new anvil has its own block 0. */
async function genesisHashOf(l1: L1Requests): Promise<string> {
  return l1.ask("eth_getBlockByNumber", ["0x0", false], block =>
    Bytes32((block as { readonly hash?: unknown }).hash as string),
  );
}

/** What is deployed and where, except for a genesis time that is left open. */
function planOf(
  request: DeployRequest,
  where: { readonly chainId: bigint; readonly l1Genesis: string; readonly deployer: string },
): Bytes32 {
  const {
    parameters,
    validators,
    keyTreeRoot,
    name,
    rollupVersion,
    teocalli,
    faucet = true,
    rewardsAllocation = DEFAULT_ALLOCATION,
    mint = [],
  } = request;
  const code = manifestFor(request.crs).map(step => (step.kind === "deploy" ? creationCode(step.contract) : step.id));
  const governance = teocalli && { signers: teocalli.signers, threshold: teocalli.threshold };
  const plan = {
    parameters,
    validators,
    keyTreeRoot,
    // A version that is drawn follows from the name.
    rollupVersion: rollupVersion ?? name,
    governance,
    faucet,
    rewardsAllocation,
    mint,
    ...where,
    code,
  };
  return keccak256(
    new TextEncoder().encode(
      JSON.stringify(plan, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value)),
    ),
  );
}
