import { computed, effect, signal } from "@preact/signals";
import type { FeedState } from "@sprtn/feed";
import { STALE_AFTER_MS, describeState, type Verdict } from "../figures/describe-state.js";
import type { Followed } from "../figures/follow-feed.js";
import { parseRoute, type Route } from "../figures/routes.js";
import { secondsToSync, type SyncSample, withSample } from "../figures/sync-pace.js";
import { slotAt } from "../figures/time.js";

/** What the page knows of its node. */
export const followed = signal<Followed>({ state: null, lostSinceMs: null, clockOffsetMs: 0, retryAtMs: null });
/** The page's clock, moved each second while somebody looks. */
export const clockMs = signal(Date.now());
export const route = signal<Route>(parseRoute(location.hash));
/** Graphics are shown as tables. */
export const tables = signal(false);

const feedState = computed(() => followed.value.state);
/** There is something to draw. */
export const isKnown = computed(() => feedState.value !== null);
/** The node's clock. */
export const nowMs = computed(() => clockMs.value + followed.value.clockOffsetMs);
/** Since when the node is silent, on its own clock. */
const lostSinceMs = computed(() => {
  const { lostSinceMs: since, clockOffsetMs } = followed.value;
  return since === null ? null : since + clockOffsetMs;
});
export const currentSlot = computed(() => (isKnown.value ? slotAt(known().rules, nowMs.value) : 0));
/** Figures are old. */
export const stale = computed(() => lostSinceMs.value !== null && nowMs.value - lostSinceMs.value >= STALE_AFTER_MS);
export const verdict = computed<Verdict | null>(() =>
  isKnown.value ? describeState(known(), nowMs.value, lostSinceMs.value) : null,
);

/** How fast the node catches up, while it does. */
const samples = signal<readonly SyncSample[]>([]);
effect(() => {
  const [state, now] = [feedState.value, nowMs.value];
  samples.value = withSample(samples.peek(), state, now);
});
export const syncSeconds = computed(() => secondsToSync(samples.value));

const of = <Key extends keyof FeedState>(key: Key) => computed(() => (feedState.value as FeedState)[key]);
const parts = {
  v: of("v"),
  seq: of("seq"),
  atMs: of("atMs"),
  node: of("node"),
  rules: of("rules"),
  tips: of("tips"),
  slots: of("slots"),
  epochs: of("epochs"),
  proofs: of("proofs"),
  pool: of("pool"),
  peers: of("peers"),
  machine: of("machine"),
  fees: of("fees"),
  health: of("health"),
};
const view = {} as FeedState;
for (const [key, part] of Object.entries(parts)) Object.defineProperty(view, key, { get: () => part.value });

/** The state, where a view is only drawn when there is one. Who reads a part of it is drawn anew when that changes. */
export function known(): FeedState {
  return view;
}
