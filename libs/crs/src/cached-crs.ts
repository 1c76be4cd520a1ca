import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { CrsKind } from "@sprtn/protocol";
import { CrsError, CrsErrorCode } from "./crs-error.js";
import { forgetFile, isAsRecorded, readManifest, recordFile } from "./manifest.js";
import { type Crs, openCrs } from "./open-crs.js";
import { COMPRESSED_G1_FILE, G1_FILE, G2_FILE } from "./point-format.js";

interface Expected {
  readonly kind: CrsKind;
  readonly points: number;
}

/**
 * The CRS in a folder of the cache, or why it cannot be used. Without a manifest its preparation did not come to its
 * end.
 */
export async function cachedCrs(folder: string, expected: Expected): Promise<Crs | CrsError> {
  try {
    if (expected.kind === "ignition") await forgetWhatBbRewrote(folder);
    const manifest = await readManifest(folder);
    if (manifest === undefined)
      return new CrsError(CrsErrorCode.NOT_FOUND, `${folder} holds no complete CRS: have one prepared`, {
        path: folder,
      });
    // openCrs would not miss a lost uncompressed file, but its readers would.
    const lost = Object.keys(manifest).find(name => !existsSync(join(folder, name)));
    if (lost !== undefined)
      return new CrsError(CrsErrorCode.ALTERED, `${join(folder, lost)} is missing: have the CRS prepared again`, {
        path: join(folder, lost),
      });
    const crs = await openCrs(folder, expected);
    // bb has written it since; it has just been checked, point by point, and next time its checksum will do.
    if (manifest[G1_FILE] === undefined) await recordFile(folder, G1_FILE);
    return crs;
  } catch (error) {
    if (error instanceof CrsError) return error;
    throw error;
  }
}

/**
 * The same, after what is damaged was removed; the first reason, if that does not help. For the holder of the folder's
 * lock.
 */
export async function repairedCrs(folder: string, expected: Expected): Promise<Crs | CrsError> {
  const found = await cachedCrs(folder, expected);
  if (!(found instanceof CrsError) || !isDamage(found)) return found;
  const manifest = await readManifest(folder);
  if (manifest?.[COMPRESSED_G1_FILE] !== undefined && manifest[G1_FILE] === undefined) {
    // Perhaps only bb's own file is damaged: it was ended while it wrote that.
    await rm(join(folder, G1_FILE), { force: true });
    const again = await cachedCrs(folder, expected);
    if (!(again instanceof CrsError)) return again;
  }
  for (const name of [G1_FILE, COMPRESSED_G1_FILE, G2_FILE]) await rm(join(folder, name), { force: true });
  return found;
}

/**
 * Ignition's points are downloaded compressed. bb writes the uncompressed file next to them when it first needs it, and
 * again when it needs more of them.
 */
async function forgetWhatBbRewrote(folder: string): Promise<void> {
  const record = (await readManifest(folder))?.[G1_FILE];
  if (record !== undefined && !(await isAsRecorded(join(folder, G1_FILE), record))) await forgetFile(folder, G1_FILE);
}

export function isDamage({ code }: CrsError): boolean {
  return code !== CrsErrorCode.NOT_FOUND && code !== CrsErrorCode.TOO_FEW_POINTS;
}
