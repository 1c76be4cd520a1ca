import type { BlockExecutor } from "@sprtn/ports";
import { buildBlock } from "@sprtn/state-transition";

/** Executes for whoever asks, each time. */
export const executeHere: BlockExecutor = {
  execute: async ({ fork, lookups }, content, environment) => ({
    built: buildBlock({ fork, lookups }, content, environment),
    fork,
  }),
};
