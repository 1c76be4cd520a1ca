import type { NetworkParameters } from "./network-parameters.js";

/** How many processes listen for RPC: as many ports are needed. */
export function processCount({ cluster, sequencers, provers, agents, pxes }: NetworkParameters): number {
  // Dense ones are few: as many as cores.
  const validators = cluster === "dense" ? 0 : sequencers;
  return 1 + validators + provers + agents + pxes;
}
