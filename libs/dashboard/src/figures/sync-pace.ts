import type { FeedState } from "@sprtn/feed";

/** How far L1 was followed at a moment: s since 1970, both. */
export interface SyncSample {
  readonly at: number;
  readonly followed: number;
}

/** A pace is that of the last minute. */
const WINDOW_SECONDS = 60;
/** Samples closer than that say too little. */
const LEAST_SECONDS = 5;

/** The samples of the last minute with what the state says now; none once the node has caught up. */
export function withSample(
  samples: readonly SyncSample[],
  state: FeedState | null,
  nowMs: number,
): readonly SyncSample[] {
  const l1 = state === null || state.tips.synced ? null : state.tips.l1;
  if (l1 === null) return [];
  const at = nowMs / 1000;
  const recent = samples.filter(one => one.at <= at && one.at >= at - WINDOW_SECONDS);
  return [...recent.slice(-2 * WINDOW_SECONDS), { at, followed: l1.timestamp }];
}

/** Seconds until the node has caught up, at the pace of the last minute; null while that is unknown. */
export function secondsToSync(samples: readonly SyncSample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at - first.at < LEAST_SECONDS) return null;
  // L1 goes on meanwhile.
  const gained = last.followed - first.followed - (last.at - first.at);
  if (gained <= 0) return null;
  return ((last.at - last.followed) * (last.at - first.at)) / gained;
}
