import type { CrsKind } from "@sprtn/protocol";
import { swapConstants } from "./built-in-constants.js";

/**
 * The Solidity of a verifier that an unchanged Barretenberg generated, for proofs under the CRS of `kind`: only the
 * four coordinates of the G2 point differ. A swapped bb writes them so by itself.
 * @throws NO_SWAP_FOR_IGNITION, OTHER_BARRETENBERG (also for a source that is swapped already)
 */
export function swapVerifierSource(source: string, kind: CrsKind): string {
  return Buffer.from(swapConstants(Buffer.from(source), "verifier", kind)).toString();
}
