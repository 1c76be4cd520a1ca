import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ZERO_ADDRESS } from "@sprtn/primitives";
import type { Deployment } from "@sprtn/protocol";
import { refuse } from "./assert-parameters.js";
import { decodeDeployment } from "./deployment-codec.js";
import { contractsFrom } from "./deployment-contracts.js";
import { DeploymentError, DeploymentErrorCode } from "./deployment-error.js";
import { assertWritable, readFileIfThere } from "./deployment-file.js";
import type { JournalContent } from "./journal.js";
import { collide } from "./journal-place.js";

/** @throws DeploymentError BAD_PARAMETERS where a journal and a deployment file would overwrite each other */
export async function assertApart(journalPath: string, path: string): Promise<void> {
  if (collide(await real(journalPath), await real(path)))
    refuse([`the journal ${journalPath} and the deployment file ${path} would overwrite each other: rename one`]);
}

/**
 * Refuses a place where the deployment file could not be written at the end, or would replace anything but the
 * file of the journal's own deployment.
 * @throws DeploymentError FILE_ACCESS, FILE_TAKEN
 */
export async function assertPlace(path: string, journal: JournalContent | undefined): Promise<void> {
  await assertWritable(path);
  const text = await readFileIfThere(path);
  // An empty file was made for this one.
  if (text === undefined || text === "" || isOf(journal, text)) return;
  throw new DeploymentError(
    DeploymentErrorCode.FILE_TAKEN,
    `${path} holds something other than the deployment of this journal, so nothing was sent: give another file ` +
      "(--out), or move this one away",
    { path },
  );
}

function isOf(journal: JournalContent | undefined, text: string): boolean {
  let there: Deployment;
  try {
    there = decodeDeployment(text);
  } catch {
    return false;
  }
  const own = contractsFrom(step => journal?.steps[step]?.address ?? ZERO_ADDRESS);
  return Object.entries(own).every(([name, address]) => there.contracts[name as keyof typeof own] === address);
}

/** By the real folder: two paths may lead to one. */
async function real(path: string): Promise<string> {
  const folder = dirname(path);
  return join(await realpath(folder).catch(() => folder), basename(path));
}
