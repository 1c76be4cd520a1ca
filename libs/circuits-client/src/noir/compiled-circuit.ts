import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compiledCircuitUrl } from "@sprtn/circuits";
import type { CircuitName } from "@sprtn/protocol";
import type { CompiledCircuit } from "@noir-lang/noir_js";
import { NoirError, NoirErrorCode } from "./noir-error.js";

/** Noir's artefact, with the sha256 of its bytecode: what verification keys are derived from. */
export interface BuiltCircuit extends CompiledCircuit {
  readonly hash: string;
}

/** A circuit as the build of @sprtn/circuits left it. @throws NoirError NOT_BUILT */
export async function readCompiledCircuit(name: CircuitName): Promise<BuiltCircuit> {
  const url = compiledCircuitUrl(name);
  try {
    return JSON.parse(await readFile(url, "utf8")) as BuiltCircuit;
  } catch (error) {
    throw new NoirError(
      NoirErrorCode.NOT_BUILT,
      `the compiled circuit ${fileURLToPath(url)} cannot be read: run npm run build, or reinstall @sprtn/circuits`,
      { circuit: name },
      { cause: error },
    );
  }
}
