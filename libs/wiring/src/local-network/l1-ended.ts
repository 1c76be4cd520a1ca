import type { AnvilExit } from "@sprtn/l1-client/devnet";
import { WiringError, WiringErrorCode } from "../wiring-error.js";

/** What ended a local network that did not end its L1. */
export function l1Ended(
  { code, signal }: AnvilExit,
  l1: { readonly output: string; readonly kept: boolean },
): WiringError {
  // One that was killed has nothing to say about it.
  const how = signal === null ? `code ${code}: ${l1.output}` : signal;
  return new WiringError(
    WiringErrorCode.L1_ENDED,
    `this network's own L1, a process of its own, ended by itself or was killed (${how}): start again` +
      (l1.kept
        ? ": the network continues from what this L1 wrote last, normally less than a minute ago"
        : " with a new network: this one had no data directory"),
  );
}
