import { FEED_VERSION, type FeedState, type NetworkRules, type NodeIdentity } from "./feed-state.js";

/**
 * Before anything is known. Numbers begin at the clock's milliseconds: those of a node that has been started anew are
 * higher than those that its pages saw before.
 */
export function initialState(node: NodeIdentity, rules: NetworkRules, atMs: number): FeedState {
  return {
    v: FEED_VERSION,
    seq: atMs,
    atMs,
    node,
    rules,
    tips: { pending: 0, proven: 0, finalized: 0, l1: null, synced: false },
    slots: [],
    epochs: [],
    proofs: null,
    pool: { count: 0, bytes: 0 },
    peers: { inbound: 0, outbound: 0 },
    machine: { uptime: 0, rssBytes: 0, cores: 0, loopLagMs: 0 },
    fees: { perL2Gas: "0", perDaGas: "0" },
    health: { ready: false, code: null, reason: null, sinceMs: atMs },
  };
}
