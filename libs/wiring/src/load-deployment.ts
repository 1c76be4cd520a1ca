import { readFile } from "node:fs/promises";
import { decodeDeploymentFile } from "@sprtn/deployment";
import type { Clock, Logger } from "@sprtn/ports";
import { codeOf, messageOf } from "@sprtn/primitives";
import type { Deployment } from "@sprtn/protocol";
import { createNodeClient, RpcErrorCode } from "@sprtn/rpc";
import { untilAnswered } from "@sprtn/runtime";
import type { ProcessSettings } from "./settings.js";
import { namingNoNode } from "./not-a-node.js";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/** What a node joins: the deployment, and peers to begin with. */
export interface JoinedNetwork {
  readonly deployment: Deployment;
  readonly bootstrapNodes: readonly string[];
}

/** Whoever has time for a bootnode that is not there yet. */
export interface PatientJoiner {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** Pause between two tries. */
const POLL_MS = 2_000;
/** A node that starts, or a server before it, says no more than this; all else is for whoever gave the URL to mend. */
const notYet: ReadonlySet<string> = new Set([
  RpcErrorCode.UNREACHABLE,
  RpcErrorCode.NO_ANSWER,
  RpcErrorCode.TIMEOUT,
  RpcErrorCode.BUSY,
  RpcErrorCode.RATE_LIMITED,
]);

/**
 * Reads the deployment file, or asks the bootnode; with a `joiner`, until it answers.
 * @throws WiringError NO_DEPLOYMENT, NOT_A_NODE; DeploymentError; RpcError
 */
export async function loadDeployment(
  settings: Pick<ProcessSettings, "deploymentFile" | "bootnodeUrl">,
  joiner?: PatientJoiner,
): Promise<JoinedNetwork> {
  if (settings.deploymentFile !== undefined)
    return {
      deployment: decodeDeploymentFile(settings.deploymentFile, await readText(settings.deploymentFile)),
      bootstrapNodes: [],
    };
  if (settings.bootnodeUrl === undefined) {
    throw new WiringError(
      WiringErrorCode.NO_DEPLOYMENT,
      "no network is set: give DEPLOYMENT_FILE (written by the deployer), BOOTNODE_URL (the RPC of a node of the " +
        "network), or --local-network",
    );
  }
  const { bootnodeUrl } = settings;
  const bootnode = createNodeClient(bootnodeUrl);
  const ask = () =>
    bootnode.getNodeInfo().catch((error: unknown) => {
      throw namingNoNode(error, "BOOTNODE_URL");
    });
  const { deployment, enr } = await (joiner === undefined ? ask() : patiently(ask, bootnodeUrl, joiner));
  return { deployment, bootstrapNodes: enr === null ? [] : [enr] };
}

function patiently<T>(ask: () => Promise<T>, url: string, { clock, logger, signal }: PatientJoiner): Promise<T> {
  const onWaiting = (error: unknown) =>
    logger.warn(`waiting for a node at ${url}: start it, or correct BOOTNODE_URL`, {
      code: codeOf(error),
      reason: messageOf(error),
    });
  return untilAnswered(ask, {
    clock,
    pollMs: POLL_MS,
    onWaiting,
    isHopeless: error => !notYet.has(codeOf(error)),
    signal,
  });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new WiringError(
      WiringErrorCode.NO_DEPLOYMENT,
      `the deployment file ${path} cannot be read (${messageOf(error)}): give the file that the deployer wrote`,
      { path },
      { cause: error },
    );
  }
}
