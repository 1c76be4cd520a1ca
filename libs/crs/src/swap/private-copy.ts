import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { CrsKind } from "@sprtn/protocol";
import { makeFolder } from "@sprtn/runtime";
import { CrsError, CrsErrorCode, usingCache } from "../crs-error.js";
import { knownPoints } from "../crs-kind.js";
import { type Artefact, swapConstants } from "./built-in-constants.js";

export interface CopyRequest {
  readonly original: Uint8Array;
  readonly artefact: Artefact;
  readonly crsKind: CrsKind;
  readonly cacheFolder: string;
  /** The copy's file name. */
  readonly name: string;
  readonly executable?: boolean;
  /** What the file holds for the swapped bytes: themselves unless told. */
  readonly pack?: (swapped: Uint8Array) => Uint8Array;
}

/**
 * The path of a copy with swapped constants, in a folder named after the original, the kind and what it is swapped for.
 * A copy is used again while its checksum is what was recorded beside
 * it; it appears atomically, even if another process makes it at the same time.
 */
export async function privateCopy(request: CopyRequest): Promise<string> {
  const { original, artefact, crsKind, cacheFolder, name } = request;
  const key = sha256(original, knownPoints[crsKind].second, knownPoints[crsKind].g2).slice(0, 32);
  const folder = join(cacheFolder, "barretenberg", `${crsKind}-${key}`);
  const path = join(folder, name);
  const recordPath = `${path}.sha256`;
  return usingCache(folder, async () => {
    const [copy, record] = await Promise.all([
      readFile(path).catch(() => undefined),
      readFile(recordPath, "utf8").catch(() => undefined),
    ]);
    if (copy !== undefined && record === sha256(copy)) return path;
    const swapped = swapConstants(original, artefact, crsKind);
    await makeFolder(folder, { mkdir, stat, dirname });
    const temporary = `${path}.${randomUUID()}`;
    try {
      await writeFile(temporary, request.pack?.(swapped) ?? swapped);
      if (request.executable) await makeExecutable(temporary);
      const digest = sha256(await readFile(temporary));
      await writeFile(`${temporary}.sha256`, digest);
      await rename(`${temporary}.sha256`, recordPath);
      await rename(temporary, path);
    } finally {
      await Promise.all([temporary, `${temporary}.sha256`].map(file => rm(file, { force: true })));
    }
    return path;
  });
}

async function makeExecutable(path: string): Promise<void> {
  await chmod(path, 0o755);
  if (process.platform !== "darwin") return;
  // macOS ends a process whose code is not what was signed.
  await promisify(execFile)("codesign", ["--force", "--sign", "-", path]).catch(cause => {
    throw new CrsError(
      CrsErrorCode.NO_BARRETENBERG,
      `codesign did not sign ${path}, and macOS does not run unsigned programs: run xcode-select --install, or use ` +
        "the WASM backend",
      { path },
      { cause },
    );
  });
}

function sha256(...parts: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
