import { copyFile, mkdir, open, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compiledCircuitUrl, keysUrl } from "@sprtn/circuits";
import type { Clock, Logger } from "@sprtn/ports";
import { circuitNames, type CrsKind } from "@sprtn/protocol";
import { ensureCrs, POINT_BYTES } from "@sprtn/crs";
import { barretenbergWasm } from "@sprtn/crs/barretenberg";
import { makeFolder } from "@sprtn/runtime";
import { readVerificationKey } from "../barretenberg/verification-key.js";
import { readCircuitKeys } from "../keys/read-circuit-keys.js";
import {
  ABI_WASM,
  ACVM_WASM,
  ASSET_LIST,
  type AssetList,
  BARRETENBERG_THREADS_WASM,
  BARRETENBERG_WASM,
  circuitFile,
  G1_POINTS,
  G2_POINT,
  keyFile,
  KEYS,
} from "./asset-list.js";

/** Which files are written, for which CRS, and where to. */
export interface BrowserAssetsRequest {
  /** Where to, made if missing: a folder that is served as it is. */
  readonly directory: string;
  readonly crs: CrsKind;
  /** A folder with the CRS; else the cache, where it is prepared. */
  readonly crsPath?: string | undefined;
  /** See `crsCacheFolder`. */
  readonly cacheFolder: string;
}

/**
 * Writes everything but scripts that a page needs to prove payments (about 11 MB): `openBrowserBackend` reads it. It
 * runs in Node, when a site is built.
 * @throws KeysError MISSING, CrsError
 */
export async function writeBrowserAssets(
  dependencies: { readonly logger: Logger; readonly clock: Clock },
  { directory, crs, crsPath, cacheFolder }: BrowserAssetsRequest,
): Promise<AssetList> {
  const keys = await readCircuitKeys(crs);
  await makeFolder(directory, { mkdir, stat, dirname });
  const files: Record<string, number> = {};
  const copy = async (name: string, from: string | URL): Promise<void> => {
    const to = join(directory, name);
    await copyFile(from, to);
    files[name] = (await stat(to)).size;
  };

  await copy(ACVM_WASM, webFileOf("@noir-lang/acvm_js", ACVM_WASM));
  await copy(ABI_WASM, webFileOf("@noir-lang/noirc_abi", ABI_WASM));
  if (crs !== "ignition") {
    // Under Ignition bb.js brings its own, inside its modules.
    const wasm = async (threads: boolean) => (await barretenbergWasm({ crsKind: crs, cacheFolder, threads })).wasmPath;
    await copy(BARRETENBERG_THREADS_WASM, await wasm(true));
    await copy(BARRETENBERG_WASM, await wasm(false));
  }
  await copy(KEYS, new URL(KEYS, keysUrl(crs)));
  for (const name of circuitNames) await copy(keyFile(name), new URL(keyFile(name), keysUrl(crs)));
  await copy(circuitFile("transfer"), compiledCircuitUrl("transfer"));

  const { logSize } = readVerificationKey(keys.transfer.verificationKey, "noir-recursive") ?? { logSize: 0 };
  const points = 2 ** logSize;
  const request = { kind: crs, points: points + 1, crsPath, cacheFolder };
  const { folder } = await ensureCrs(dependencies, request);
  await writeFile(join(directory, G1_POINTS), await firstBytes(join(folder, G1_POINTS), points * POINT_BYTES));
  files[G1_POINTS] = points * POINT_BYTES;
  await copy(G2_POINT, join(folder, G2_POINT));

  const list: AssetList = { format: 1, crs, files };
  await writeFile(join(directory, ASSET_LIST), `${JSON.stringify(list, null, 2)}\n`);
  return list;
}

async function firstBytes(path: string, length: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(length);
    await file.read(bytes, 0, length, 0);
    return bytes;
  } finally {
    await file.close();
  }
}

/** Noir's packages have one build for Node, which is what resolves here, and one beside it for the web. */
function webFileOf(packageName: string, file: string): string {
  const require = createRequire(fileURLToPath(import.meta.url));
  return join(dirname(dirname(require.resolve(packageName))), "web", file);
}
