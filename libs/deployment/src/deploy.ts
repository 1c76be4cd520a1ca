import { addressToField, Bytes32, fieldToHex, keccak256, toHex, UnixSeconds, ZERO_ADDRESS } from "@sprtn/primitives";
import { type Deployment, encodeHeader, type RollupParameters } from "@sprtn/protocol";
import { unixSeconds } from "@sprtn/runtime";
import { assertRequest } from "./assert-request.js";
import { checkDeployment } from "./check-deployment.js";
import { commandKeysOf } from "./command-keys.js";
import type { DeployDependencies, DeployRequest, Genesis } from "./deploy-request.js";
import { DeployerAccount } from "./deployer-account.js";
import { assertEncodable } from "./deployment-codec.js";
import { contractsFrom } from "./deployment-contracts.js";
import { DeploymentError, DeploymentErrorCode } from "./deployment-error.js";
import { writeDeploymentFile } from "./deployment-file.js";
import { assertApart, assertPlace } from "./deployment-place.js";
import { drawnRollupVersion } from "./drawn-rollup-version.js";
import { genesisOf, genesisTimeOf } from "./genesis-of.js";
import { Journal } from "./journal.js";
import { L1Requests } from "./l1-requests.js";
import { creationCode, manifestFor } from "./manifest.js";
import { DEFAULT_ALLOCATION, planSteps } from "./planned-step.js";
import { addressIn, sendSteps } from "./send-steps.js";

const RIGHTS = { coordinator: 0, quotes: 1, open: 2 } as const;
const DEFAULT_POLLING_MS = 250;
/** How long a funding command stays valid: it is sent immediately, and signed again if that takes longer. */
const COMMAND_SECONDS = 86_400;

/**
 * Deploys the contracts from committed artefacts, following `deployment-manifest.json`, funds Rewards, and checks the
 * result against L1; writes the deployment file if it is told where. With a journal, a run that was cut off anywhere is
 * gone on with by the same call; after the end it returns the same deployment again.
 * @throws DeploymentError: before anything is sent BAD_PARAMETERS, OTHER_PLAN, BAD_JOURNAL, FILE_TAKEN, WRONG_CHAIN,
 *   INSUFFICIENT_BALANCE; STEP_FAILED, NONCE_CONTENTION, MISMATCH, L1_FAILED, FILE_ACCESS
 */
export async function deploy(dependencies: DeployDependencies, request: DeployRequest): Promise<Deployment> {
  assertRequest(request);
  const { crs = null, filePath, journalPath } = request;
  if (journalPath !== undefined && filePath !== undefined) await assertApart(journalPath, filePath);
  const l1 = await L1Requests.connect(dependencies.url);
  try {
    if (request.expectedChainId !== undefined && l1.chainId !== request.expectedChainId) {
      throw new DeploymentError(
        DeploymentErrorCode.WRONG_CHAIN,
        `L1 is chain ${l1.chainId}, not ${request.expectedChainId}: check ETHEREUM_HOST and L1_CHAIN_ID`,
      );
    }
    const account = new DeployerAccount({ l1 }, { key: request.deployerKey });
    const journal = await Journal.open(journalPath);
    const plan = planOf(request, {
      chainId: l1.chainId,
      l1Genesis: await genesisHashOf(l1),
      deployer: account.address,
    });
    if (journal.content && journal.content.plan !== plan) {
      throw new DeploymentError(
        DeploymentErrorCode.OTHER_PLAN,
        `the journal ${journalPath} belongs to a deployment with other parameters, validators, contracts or key, or ` +
          "on another L1 (every new anvil is another L1): use the same ones again; or delete the journal, and move " +
          "the deployment file away if there is one, to start a new deployment",
      );
    }
    if (filePath !== undefined) await assertPlace(filePath, journal.content);
    const genesisTime = UnixSeconds(journal.content?.genesisTime ?? (await genesisTimeOf(l1, request)));
    const parameters = { ...request.parameters, genesisTime };
    const { chainId } = l1;
    const identity = { chainId, deployer: account.address, name: request.name, genesisTime };
    const rollupVersion = request.rollupVersion ?? drawnRollupVersion(identity);
    const genesis = genesisOf(request, parameters);
    const known = {
      name: request.name,
      chainId,
      rollupVersion,
      proofMode: crs === null ? ("simulated" as const) : ("real" as const),
      crs,
      keyTreeRoot: request.keyTreeRoot,
      parameters,
      genesis,
    };
    // All but what L1 will add.
    assertEncodable({ ...known, l1StartBlock: 0, contracts: contractsFrom(() => ZERO_ADDRESS) });
    if (!journal.content) journal.begin({ plan, genesisTime });
    const steps = planSteps(
      valuesOf(request, { parameters, genesis, rollupVersion, deployer: account.address }),
      {
        faucet: request.faucet ?? true,
        chainId,
        commandKeys: commandKeysOf(request),
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
    const contracts = contractsFrom(step => addressIn(journal.content, step));
    const deployment: Deployment = { ...known, l1StartBlock, contracts };
    await checkDeployment(l1, deployment);
    if (filePath !== undefined) await writeDeploymentFile(filePath, deployment);
    return deployment;
  } finally {
    l1.close();
  }
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
