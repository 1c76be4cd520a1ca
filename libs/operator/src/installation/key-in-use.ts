import { basename, dirname, join } from "node:path";
import type { OperatorHost } from "../host/operator-host.js";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";
import { readVariables } from "./read-installation.js";

/** Folders beside an installation that are looked at. */
const MOST_SIBLINGS = 1_000;
const keyNames = ["SEQ_PUBLISHER_PRIVATE_KEY", "PROVER_PUBLISHER_PRIVATE_KEY"];

/**
 * Two nodes with one key sign twice, and take each other's nonces: no folder beside this one may have it.
 * @throws OperatorError KEY_IN_USE
 */
export async function assertKeyUnused(
  { files }: Pick<OperatorHost, "files">,
  directory: string,
  privateKey: string,
): Promise<void> {
  const parent = dirname(directory);
  const siblings = (await files.list(parent)) ?? [];
  for (const name of siblings.slice(0, MOST_SIBLINGS)) {
    if (name === basename(directory)) continue;
    // Files, and folders of others, are none of ours.
    const variables = await readVariables(files, join(parent, name)).catch(() => undefined);
    if (keyNames.some(each => variables?.get(each)?.toLowerCase() === privateKey))
      throw new OperatorError(
        OperatorErrorCode.KEY_IN_USE,
        `${join(parent, name)} is set up with the same key: two nodes with one key sign twice. Give another key, or ` +
          "remove that installation first and move its record of signatures (slashing-protection)",
        { path: join(parent, name) },
      );
  }
}
