import { computed, signal } from "@preact/signals";
import type { FeedState } from "@sprtn/feed";
import { STALE_AFTER_MS, describeState, type Verdict } from "../figures/describe-state.js";
import type { Followed } from "../figures/follow-feed.js";
import { parseRoute, type Route } from "../figures/routes.js";
import { slotAt } from "../figures/time.js";

/** What the page knows of its node. */
export const followed = signal<Followed>({ state: null, lostSinceMs: null, clockOffsetMs: 0, retryAtMs: null });
/** The page's clock, moved each second while somebody looks. */
export const clockMs = signal(Date.now());
export const route = signal<Route>(parseRoute(location.hash));
/** Graphics are shown as tables. */
export const tables = signal(false);

export const feedState = computed(() => followed.value.state);
/** The node's clock. */
export const nowMs = computed(() => clockMs.value + followed.value.clockOffsetMs);
/** Since when the node is silent, on its own clock. */
const lostSinceMs = computed(() => {
  const { lostSinceMs: since, clockOffsetMs } = followed.value;
  return since === null ? null : since + clockOffsetMs;
});
export const currentSlot = computed(() => {
  const state = feedState.value;
  return state === null ? 0 : slotAt(state.rules, nowMs.value);
});
/** Figures are old. */
export const stale = computed(() => lostSinceMs.value !== null && nowMs.value - lostSinceMs.value >= STALE_AFTER_MS);
export const verdict = computed<Verdict | null>(() => {
  const state = feedState.value;
  return state === null ? null : describeState(state, nowMs.value, lostSinceMs.value);
});

/** The state, where a view is only drawn when there is one. */
export function known(): FeedState {
  return feedState.value as FeedState;
}
