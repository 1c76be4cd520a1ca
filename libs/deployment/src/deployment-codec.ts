import { messageOf } from "@sprtn/primitives";
import type { Deployment } from "@sprtn/protocol";
import { safeEncode } from "zod/mini";
import { type z } from "zod";
import { refuse } from "./assert-parameters.js";
import { DeploymentError, DeploymentErrorCode } from "./deployment-error.js";
import { deployment as deploymentSchema } from "@sprtn/protocol/json";

const FORMAT = "sprtn-deployment-1";

/** The deployment file's text: JSON, amounts as decimal texts, fields and addresses as lower-case hex. */
export function encodeDeployment(deployment: Deployment): string {
  const result = safeEncode(deploymentSchema, deployment);
  if (!result.success) throw bad(result.error);
  return `${JSON.stringify({ format: FORMAT, ...(result.data as object) }, null, 2)}\n`;
}

/** @throws BAD_FILE with every problem: what is missing, unknown or out of range */
export function decodeDeployment(text: string): Deployment {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new DeploymentError(
      DeploymentErrorCode.BAD_FILE,
      `not a deployment file: ${messageOf(error)}`,
      {},
      { cause: error },
    );
  }
  const { format, ...rest } = (typeof json === "object" && json !== null ? json : {}) as Record<string, unknown>;
  if (format !== FORMAT)
    throw new DeploymentError(
      DeploymentErrorCode.BAD_FILE,
      `not a deployment file of this version: its format is ${JSON.stringify(format) ?? "missing"}, not ` +
        `"${FORMAT}"`,
    );
  const result = deploymentSchema.safeParse(rest);
  if (!result.success) throw bad(result.error);
  return result.data;
}

/**
 * Refuses a deployment whose file could not be written or read again, while nothing is sent yet.
 * @throws BAD_PARAMETERS with every problem
 */
export function assertEncodable(deployment: Deployment): void {
  try {
    decodeDeployment(encodeDeployment(deployment));
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    refuse(error.payload.problems ?? [error.message]);
  }
}

function bad(error: z.core.$ZodError): DeploymentError {
  const problems = error.issues.map(issue => `${issue.path.join(".") || "the file"}: ${issue.message}`);
  return new DeploymentError(DeploymentErrorCode.BAD_FILE, `not a deployment file: ${problems.join("; ")}`, {
    problems,
  });
}
