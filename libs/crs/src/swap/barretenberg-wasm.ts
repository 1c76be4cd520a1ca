import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { CrsError, CrsErrorCode } from "../crs-error.js";
import type { BarretenbergRequest } from "./barretenberg-binary.js";
import { privateCopy } from "./private-copy.js";

/** Inside bb.js, from its Node entry on. */
const THREADS_FILE = "./barretenberg_wasm/barretenberg-threads.wasm.gz";
/** The one for pages without shared memory is there as a module that holds it in base64. */
const SINGLE_MODULE = "../browser/barretenberg_wasm/fetch_code/browser/barretenberg.js";

/** The same of the WASM, of which there are two. */
export interface WasmRequest extends BarretenbergRequest {
  /**
   * Which of the two: with threads, which is all that Node ever loads, or without, for browsers that share no memory.
   * With threads unless told.
   */
  readonly threads?: boolean;
}

/**
 * The gzipped WASM to load under this CRS, as bb.js's `wasmPath`: bb.js's own for `ignition`, a private copy with
 * swapped constants for `dev`. In a browser bb.js inserts `-threads` into the name by itself.
 * @throws NO_BARRETENBERG, OTHER_BARRETENBERG, CACHE_UNUSABLE
 */
export async function barretenbergWasm({
  crsKind,
  cacheFolder,
  threads = true,
}: WasmRequest): Promise<{ readonly wasmPath: string }> {
  const entry = import.meta.resolve("@aztec/bb.js");
  const own = fileURLToPath(new URL(threads ? THREADS_FILE : SINGLE_MODULE, entry));
  if (crsKind === "ignition") {
    if (!threads)
      throw new CrsError(
        CrsErrorCode.NO_BARRETENBERG,
        "bb.js bundles the WASM without threads in a module and loads it itself: give no wasmPath",
        { path: own },
      );
    return { wasmPath: own };
  }
  const bytes = await readFile(own).catch(cause => {
    throw new CrsError(
      CrsErrorCode.NO_BARRETENBERG,
      `${own} is missing: install the version of @aztec/bb.js that this package pins`,
      { path: own },
      { cause },
    );
  });
  const original = gunzipSync(threads ? bytes : embedded(bytes, own));
  const name = threads ? "barretenberg-threads.wasm.gz" : "barretenberg.wasm.gz";
  return {
    wasmPath: await privateCopy({
      original,
      artefact: threads ? "wasm-threads" : "wasm",
      crsKind,
      cacheFolder,
      name,
      pack: swapped => gzipSync(swapped),
    }),
  };
}

function embedded(source: Buffer, path: string): Buffer {
  const base64 = /"data:application\/gzip;base64,([A-Za-z0-9+/=]+)"/.exec(source.toString("latin1"))?.[1];
  if (base64 === undefined)
    throw new CrsError(
      CrsErrorCode.OTHER_BARRETENBERG,
      `${path} holds no WASM: install the version of @aztec/bb.js that this package pins`,
      { path },
    );
  return Buffer.from(base64, "base64");
}
