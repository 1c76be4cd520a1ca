import { decodeDeployment, DeploymentError } from "@sprtn/deployment";
import type { Deployment } from "@sprtn/protocol";

/** What `text`, the content of `file`, describes. @throws DeploymentError BAD_FILE, which names the file */
export function readDeployment(file: string, text: string): Deployment {
  try {
    return decodeDeployment(text);
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    const payload = { ...error.payload, path: file };
    throw new DeploymentError(error.code, `${file}: ${error.message}`, payload, { cause: error });
  }
}
