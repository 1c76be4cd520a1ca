import { readFile } from "node:fs/promises";
import { decodeDeployment } from "@sprtn/deployment";
import { messageOf } from "@sprtn/primitives";
import type { Deployment } from "@sprtn/protocol";
import { createNodeClient } from "@sprtn/rpc";
import type { ProcessSettings } from "./settings.js";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/** What a node joins: the deployment, and peers to begin with. */
export interface JoinedNetwork {
  readonly deployment: Deployment;
  readonly bootstrapNodes: readonly string[];
}

/** Reads the deployment file, or asks the bootnode. @throws WiringError NO_DEPLOYMENT, DeploymentError, RpcError */
export async function loadDeployment(
  settings: Pick<ProcessSettings, "deploymentFile" | "bootnodeUrl">,
): Promise<JoinedNetwork> {
  if (settings.deploymentFile !== undefined)
    return { deployment: decodeDeployment(await readText(settings.deploymentFile)), bootstrapNodes: [] };
  if (settings.bootnodeUrl === undefined) {
    throw new WiringError(
      WiringErrorCode.NO_DEPLOYMENT,
      "no network is set: give DEPLOYMENT_FILE (written by the deployer), BOOTNODE_URL (the RPC of a node of the " +
        "network), or --local-network",
    );
  }
  const { deployment, enr } = await createNodeClient(settings.bootnodeUrl).getNodeInfo();
  return { deployment, bootstrapNodes: enr === null ? [] : [enr] };
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
