import { readFile } from "node:fs/promises";
import { keysUrl } from "@sprtn/circuits";
import { messageOf } from "@sprtn/primitives";
import type { CrsKind } from "@sprtn/protocol";
import { type CircuitKeys, circuitKeysFrom, type KeysFile } from "./circuit-keys.js";
import { KeysError, KeysErrorCode } from "./keys-error.js";

/** Reads the committed keys of a reference string. @throws KeysError MISSING */
export async function readCircuitKeys(crs: CrsKind): Promise<CircuitKeys> {
  const folder = keysUrl(crs);
  try {
    const file = JSON.parse(await readFile(new URL("keys.json", folder), "utf8")) as KeysFile;
    return await circuitKeysFrom(file, async name => new Uint8Array(await readFile(new URL(`${name}.vk`, folder))));
  } catch (error) {
    throw new KeysError(
      KeysErrorCode.MISSING,
      `there are no verification keys for the ${crs} CRS here (${messageOf(error)}): derive them ` +
        "(docs/proving.md), or use a deployment with another CRS",
      { crs },
      { cause: error },
    );
  }
}
