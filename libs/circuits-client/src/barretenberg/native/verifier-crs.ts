import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "@sprtn/primitives";
import { BarretenbergError, BarretenbergErrorCode } from "../barretenberg-error.js";
import { crsGenerator } from "../crs-points.js";
import type { OrphanGuard } from "./orphan-guard.js";

/**
 * All of a CRS that a verification reads, as a folder for one process: the generator. The rest of what it needs, the
 * point in G2, is built into bb. So a node that only verifies needs no
 * CRS, and no damage to one makes it refuse valid proofs.
 */
export async function makeVerifierCrs(
  guard: OrphanGuard,
): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  try {
    const path = await mkdtemp(join(tmpdir(), "sprtn-bb-"));
    guard.watchFolder(path);
    await writeFile(join(path, "bn254_g1.dat"), crsGenerator);
    return { path, remove: () => rm(path, { recursive: true, force: true }).catch(() => {}) };
  } catch (cause) {
    throw new BarretenbergError(
      BarretenbergErrorCode.NO_TEMPORARY_FOLDER,
      `cannot write to ${tmpdir()} (${messageOf(cause)}): free some space there, or set TMPDIR to another folder`,
      { path: tmpdir() },
      { cause },
    );
  }
}
