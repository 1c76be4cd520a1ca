import type { Deployment } from "@sprtn/protocol";
import { decodeDeployment } from "./deployment-codec.js";
import { DeploymentError } from "./deployment-error.js";

/** What `text`, the content of `file`, describes. @throws DeploymentError BAD_FILE, which names the file */
export function decodeDeploymentFile(file: string, text: string): Deployment {
  try {
    return decodeDeployment(text);
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    const payload = { ...error.payload, path: file };
    const reason = `${file} cannot be used (${error.message}): give the file that the deployer of this version wrote`;
    throw new DeploymentError(error.code, reason, payload, { cause: error });
  }
}
