import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf } from "@sprtn/primitives";
import type { Deployment } from "@sprtn/protocol";
import { decodeDeploymentFile } from "./decode-deployment-file.js";
import { encodeDeployment } from "./deployment-codec.js";
import { DeploymentError, DeploymentErrorCode } from "./deployment-error.js";
import { draftOf } from "./journal-place.js";

/**
 * Replaces the file atomically: readers see the old one or the new one, even after a crash.
 * @throws FILE_ACCESS, also for what is no file, such as a directory or a device: it stays as it is
 */
export async function writeFileAtomically(path: string, text: string): Promise<void> {
  await assertReplaceable(path);
  try {
    const file = await open(draftOf(path), "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draftOf(path), path);
    // The rename itself is safe only once its directory is on disk.
    const directory = await open(dirname(path), "r");
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/**
 * Whether {@link writeFileAtomically} would succeed, as far as that can be known before. Leaves everything as it was.
 * @throws FILE_ACCESS
 */
export async function assertWritable(path: string): Promise<void> {
  await assertReplaceable(path);
  try {
    await (await open(draftOf(path), "w")).close();
    await rm(draftOf(path));
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/**
 * Reading a device may never end, and a new file would replace it.
 * @throws FILE_ACCESS for what is there and is no file
 */
export async function assertReplaceable(path: string): Promise<void> {
  const kind = await stat(path).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unwritable(path, cause);
  });
  if (kind !== undefined && !kind.isFile())
    throw new DeploymentError(
      DeploymentErrorCode.FILE_ACCESS,
      `${path} is ${kind.isDirectory() ? "a folder" : "no regular file"}: give the name of a file`,
      { path },
    );
}

function unwritable(path: string, cause: unknown): DeploymentError {
  return new DeploymentError(
    DeploymentErrorCode.FILE_ACCESS,
    `${path} cannot be written (${messageOf(cause)}): create its folder or make it writable, or give another file`,
    { path },
    { cause },
  );
}

/** `undefined` when there is none. @throws FILE_ACCESS */
export async function readFileIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new DeploymentError(
      DeploymentErrorCode.FILE_ACCESS,
      `${path} cannot be read (${messageOf(cause)}): make it a file that this user may read, or give another one`,
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

/** @throws FILE_ACCESS (also when there is none), BAD_FILE; both name the file */
export async function readDeploymentFile(path: string): Promise<Deployment> {
  const text = await readFileIfThere(path);
  if (text === undefined)
    throw new DeploymentError(
      DeploymentErrorCode.FILE_ACCESS,
      `there is no deployment file ${path}: run the deployer first, or give the file that it wrote`,
      { path },
    );
  return decodeDeploymentFile(path, text);
}
