import { readFile } from "node:fs/promises";
import { findBbBinary } from "@aztec/bb.js/platform";
import type { CrsKind } from "@sprtn/protocol";
import { CrsError, CrsErrorCode } from "../crs-error.js";
import { type Artefact, refuseSwapped } from "./built-in-constants.js";
import { privateCopy } from "./private-copy.js";

/** Under which CRS it is to verify, and where a copy of it may be kept. */
export interface BarretenbergRequest {
  readonly crsKind: CrsKind;
  /** See `crsCacheFolder`. */
  readonly cacheFolder: string;
}

const artefacts: Readonly<Record<string, Artefact>> = {
  "linux-x64": "amd64-linux",
  "linux-arm64": "arm64-linux",
  "darwin-x64": "amd64-macos",
  "darwin-arm64": "arm64-macos",
};

/**
 * The native bb to run under this CRS: bb.js's own (or BB_BINARY_PATH's) for `ignition`, a private copy with swapped
 * constants for `dev`.
 * @throws NO_BARRETENBERG, OTHER_BARRETENBERG, CACHE_UNUSABLE
 */
export async function barretenbergBinary({
  crsKind,
  cacheFolder,
}: BarretenbergRequest): Promise<{ readonly bbPath: string }> {
  const platform = `${process.platform}-${process.arch}`;
  const artefact = artefacts[platform];
  const own = findBbBinary();
  if (artefact === undefined || own === null) {
    throw new CrsError(
      CrsErrorCode.NO_BARRETENBERG,
      `bb.js has no bb for ${platform}, or BB_BINARY_PATH is wrong: use the WASM backend here, or run ` +
        "provers on Linux or macOS",
      { found: platform },
    );
  }
  const original = await readFile(own);
  if (crsKind === "ignition") {
    refuseSwapped(original, own);
    return { bbPath: own };
  }
  return { bbPath: await privateCopy({ original, artefact, crsKind, cacheFolder, name: "bb", executable: true }) };
}
