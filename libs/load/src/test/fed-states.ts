import { type BlockRow, FEED_VERSION, type FeedChange, type FeedState, initialState, reduce } from "@sprtn/feed";

const node = {
  name: "validator-1",
  version: "0.1.0",
  network: "test",
  chainId: "31337",
  rollup: "0x00",
  roles: ["node"],
  own: null,
  proofMode: "simulated",
  crs: null,
  density: 1,
} as const;

/** Slots of 12 s since 1,000 s, epochs of 4. */
export const fedRules = {
  genesisTime: 1_000,
  slotDuration: 12,
  epochDuration: 4,
  fees: "on",
  proofWindow: 48,
  challengeWindow: 48,
  timetable: { sync: 1, build: 1, propose: 2, collect: 3, publish: 3 },
} as const;

/** Before anything has happened, by a node's clock, ms since 1970. */
export const fedState = (atMs: number): FeedState => initialState(node, fedRules, atMs);

/** A state after changes, one a ms. */
export function fed(state: FeedState, ...changes: readonly FeedChange[]): FeedState {
  return changes.reduce(
    (next, change) => reduce(next, { v: FEED_VERSION, seq: next.seq + 1, atMs: next.atMs + 1, ...change }),
    state,
  );
}

/** A block of the slot with its number, on L1 900 ms after the slot's start. */
export const fedBlock = (slot: number, rest: Partial<BlockRow> = {}): BlockRow => ({
  number: slot,
  slot,
  hash: `0x${String(slot).padStart(64, "0")}`,
  txs: 1,
  afterMs: 900,
  ...rest,
});
