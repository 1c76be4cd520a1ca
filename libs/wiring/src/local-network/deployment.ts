import { join } from "node:path";
import {
  checkDeployment,
  type ContractReader,
  decodeDeploymentFile,
  deploy,
  type DeploymentError,
  DeploymentErrorCode,
  initialValidatorCount,
  readFileIfThere,
  writeDeploymentFile,
} from "@sprtn/deployment";
import { PrivateKeySigner } from "@sprtn/l1-client";
import type { Devnet } from "@sprtn/l1-client/devnet";
import type { CircuitsOptions } from "@sprtn/circuits-client/settings";
import { codeOf, type EthAddress, UnixSeconds } from "@sprtn/primitives";
import type { Clock } from "@sprtn/ports";
import type { Deployment, RollupParameters } from "@sprtn/protocol";
import { unixSeconds } from "@sprtn/runtime";
import { contractReader } from "../contract-reader.js";
import { genesisOf } from "../genesis.js";
import { createProofSystem, openProofSystem, type ProofSystem, requireMode } from "../proof-system.js";
import type { ProcessResources } from "../process-resources.js";
import type { LocalNetworkSettings } from "../settings.js";
import { WiringError, WiringErrorCode } from "../wiring-error.js";
import { LocalAccount, localKey } from "./accounts.js";
import { localParameters } from "./parameters.js";
import { tellFixed } from "./tell-fixed.js";

/** Deploying the contracts and starting the nodes takes about two. */
const STARTUP_SECONDS = 4;

/** What a local network is deployed with, or continues from. */
export interface LocalDeploymentOptions {
  readonly local: LocalNetworkSettings;
  readonly circuits: CircuitsOptions;
  /** Holds the deployment file; without one the network is a new one. */
  readonly dataDirectory: string | undefined;
  /** Ends the deployment of a new one. */
  readonly signal: AbortSignal;
}

/** A deployment, and what makes its proofs. */
export interface LocalDeployment {
  readonly deployment: Deployment;
  /** Those that it was deployed with, which take turns in its committee. */
  readonly validators: number;
  readonly proofs: ProofSystem;
}

/**
 * The deployment of the data directory, if it has one, else a new one on `devnet`.
 * @throws WiringError L1_LOST, WRONG_PROOF_MODE, OTHER_KEYS; DeploymentError
 */
export async function openLocalDeployment(
  process: ProcessResources,
  devnet: Devnet,
  options: LocalDeploymentOptions,
): Promise<LocalDeployment> {
  const { local, circuits, dataDirectory, signal } = options;
  const file = dataDirectory === undefined ? undefined : join(dataDirectory, "deployment.json");
  const known = file === undefined ? undefined : await readFileIfThere(file);
  if (dataDirectory !== undefined && file !== undefined && known !== undefined) {
    const deployment = decodeDeploymentFile(file, known);
    const reader = contractReader(devnet.chainId, (method, params) => devnet.request(method, params));
    await requireSame(reader, deployment, dataDirectory);
    const validators = await initialValidatorCount(reader, deployment);
    tellFixed(process.logger, local, { deployment, validators });
    return { deployment, validators, proofs: await openProofSystem(process, circuits, deployment) };
  }
  // Under the ceremony's points keys would have to be derived first; the dev ones' are part of this version.
  const crs = local.simulatedProofs || circuits.realProofs === false ? null : "dev";
  requireMode(circuits, crs);
  const proofs = await createProofSystem(process, circuits, crs);
  try {
    const parameters = parametersOf(process.clock, local);
    const deployment = await deploy(
      { url: devnet.url, clock: process.clock, logger: process.logger },
      {
        name: local.preset,
        deployerKey: localKey(LocalAccount.DEPLOYER),
        parameters,
        validators: validatorsOf(local),
        genesis: genesisTime => genesisOf(process.hasher, { ...parameters, genesisTime }),
        keyTreeRoot: proofs.keys.root(),
        crs,
        signal,
      },
    );
    // Before the file that says where its contracts are: anvil's own first state comes much later.
    await devnet.keepNow();
    if (file !== undefined) await writeDeploymentFile(file, deployment);
    return { deployment, validators: local.validators, proofs };
  } catch (error) {
    await proofs.close();
    throw error;
  }
}

function parametersOf(clock: Clock, local: LocalNetworkSettings): RollupParameters {
  return {
    ...localParameters(local),
    // The first slot that can hold a block, slot 1, begins a few seconds from now.
    genesisTime: UnixSeconds(unixSeconds(clock) + STARTUP_SECONDS - local.slotSeconds),
  };
}

function validatorsOf(local: LocalNetworkSettings): readonly EthAddress[] {
  return Array.from(
    { length: local.validators },
    (_, i) => new PrivateKeySigner({}, { privateKey: localKey(LocalAccount.FIRST_VALIDATOR + i) }).address,
  );
}

/** @throws WiringError L1_LOST */
async function requireSame(reader: ContractReader, deployment: Deployment, dataDirectory: string): Promise<void> {
  try {
    await checkDeployment(reader, deployment);
  } catch (error) {
    if (codeOf(error) !== DeploymentErrorCode.MISMATCH) throw error;
    const [problem, ...more] = (error as DeploymentError).payload.problems ?? [];
    throw new WiringError(
      WiringErrorCode.L1_LOST,
      `the files deployment.json and l1.json (the state of L1) in ${dataDirectory} do not belong together, or one ` +
        "is missing or damaged: restore a copy, or delete the directory and start again, with a new network " +
        `(${problem}${more.length > 0 ? `; and ${more.length} more such differences` : ""})`,
      {},
      { cause: error },
    );
  }
}
