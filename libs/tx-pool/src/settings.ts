import { defineSettings, durationMs, integer, type SettingsOf } from "@sprtn/settings";

/** How much the pool holds, what replaces what, and how peers are asked. */
export const txPoolSettings = defineSettings({
  maxTxs: {
    env: "TX_POOL_MAX_TXS",
    parse: integer({ min: 1, max: 1_000_000 }),
    default: 10_000,
    description: "Most pending transactions; above that the lowest-paying one is evicted",
  },
  maxBytes: {
    env: "TX_POOL_MAX_BYTES",
    parse: integer({ min: 20_000 }),
    default: 256_000_000,
    description: "Most bytes of pending transactions; above that the lowest-paying one is evicted",
  },
  peerTxsPerSecond: {
    env: "TX_POOL_PEER_TXS_PER_SECOND",
    parse: integer({ min: 1 }),
    default: 100,
    description: "Gossiped transactions accepted from one peer per second",
  },
  peerBurst: {
    env: "TX_POOL_PEER_BURST",
    parse: integer({ min: 1 }),
    default: 500,
    description: "Gossiped transactions accepted from one peer in a burst",
  },
  fetchTimeoutMs: {
    env: "TX_POOL_FETCH_TIMEOUT",
    parse: durationMs({ min: 1 }),
    default: 3_000,
    description: "How long a peer may take to return transactions that a block needs",
  },
  fetchParallel: {
    env: "TX_POOL_FETCH_PARALLEL",
    parse: integer({ min: 1, max: 32 }),
    default: 4,
    description: "Peers asked at once for transactions that a block needs",
  },
  fetchPauseMs: {
    env: "TX_POOL_FETCH_PAUSE",
    parse: durationMs({ min: 1 }),
    default: 250,
    description: "Pause before all peers are asked again for transactions that none of them had",
  },
});

/** What {@link txPoolSettings} are read into. */
export type TxPoolSettings = SettingsOf<typeof txPoolSettings>;
