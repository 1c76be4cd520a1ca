import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf } from "@sprtn/primitives";
import type { Deployment } from "@sprtn/protocol";
import { decodeDeployment, encodeDeployment } from "./deployment-codec.js";
import { DeploymentError, DeploymentErrorCode } from "./deployment-error.js";

/**
 * Replaces the file atomically: readers see the old one or the new one, even after a crash.
 * @throws FILE_ACCESS
 */
export async function writeFileAtomically(path: string, text: string): Promise<void> {
  try {
    const file = await open(`${path}.new`, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    // The rename itself is safe only once its directory is on disk.
    const directory = await open(dirname(path), "r");
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (cause) {
    throw new DeploymentError(
      DeploymentErrorCode.FILE_ACCESS,
      `${path} cannot be written: ${messageOf(cause)}`,
      { path },
      { cause },
    );
  }
}

/** `undefined` when there is none. @throws FILE_ACCESS */
export async function readFileIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new DeploymentError(
      DeploymentErrorCode.FILE_ACCESS,
      `${path} cannot be read: ${messageOf(cause)}`,
      { path },
      { cause },
    );
  }
}

/**
 * Writes the deployment file in one step: a reader finds the old one or the new one. @throws DeploymentError
 * FILE_ACCESS
 */
export async function writeDeploymentFile(path: string, deployment: Deployment): Promise<void> {
  await writeFileAtomically(path, encodeDeployment(deployment));
}

/** @throws FILE_ACCESS (also when there is none), BAD_FILE */
export async function readDeploymentFile(path: string): Promise<Deployment> {
  const text = await readFileIfThere(path);
  if (text === undefined)
    throw new DeploymentError(
      DeploymentErrorCode.FILE_ACCESS,
      `there is no deployment file ${path}: run the deployer first, or give the file that it wrote`,
      { path },
    );
  return decodeDeployment(text);
}
