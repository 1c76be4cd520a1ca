import type { Bytes32 } from "@sprtn/primitives";
import type { L1BlockRef } from "@sprtn/ports";

/** A chain whose blocks come on demand, for development: anvil's, and Hardhat's. */
const ON_DEMAND_CHAIN = 31337n;
/** Slots in a row that mainnet has left empty are fewer. */
const STALE_AFTER_SLOTS = 10;

/**
 * Ms after which a head that is not followed by another is stale; 0 for never. On a chain of development an idle L1 is
 * as right as a busy one, and tests move its time: there a limit holds only if it is given.
 */
export function maxHeadAgeOf(settings: {
  readonly chainId: bigint;
  readonly slotSeconds: number;
  readonly maxHeadAgeMs: number | undefined;
}): number {
  if (settings.maxHeadAgeMs !== undefined) return settings.maxHeadAgeMs;
  return settings.chainId === ON_DEMAND_CHAIN ? 0 : STALE_AFTER_SLOTS * settings.slotSeconds * 1000;
}

/** New heads in a row by which the pace of an endpoint is judged: the earlier half against the later. */
const PACE_HEADS = 6;

/** What the age of heads is judged by. */
export interface HeadWatchSettings {
  /** Age beyond which a head is stale, ms; 0 for none. */
  readonly maxAgeMs: number;
  /** L1's interval between blocks, s. */
  readonly slotSeconds: number;
}

/** Tells whether an endpoint goes with L1: by its head's time, and by whether there are new ones. */
export class HeadWatch {
  #hash: Bytes32 | undefined;
  #changedAtMs = 0;
  /** By how much the clock was past the time of each of the last new heads when it was first seen, ms. */
  #lagsMs: readonly number[] = [];

  constructor(private readonly settings: HeadWatchSettings) {}

  /**
   * How old, in ms, a head is that is too old; `undefined` for one that is not.
   * @param clockAheadMs by how much the clock is known to be ahead of L1
   */
  staleness({ hash, timestamp }: L1BlockRef, nowMs: number, clockAheadMs = 0): number | undefined {
    if (this.#hash !== hash) {
      // The first was there before anybody looked: it says nothing of the pace.
      if (this.#hash !== undefined) this.#lagsMs = [...this.#lagsMs, nowMs - timestamp * 1000].slice(-PACE_HEADS);
      [this.#hash, this.#changedAtMs] = [hash, nowMs];
    }
    const { maxAgeMs } = this.settings;
    if (maxAgeMs === 0) return undefined;
    // An L1 whose time was moved ahead shows by its blocks alone that it stands still.
    const ageMs = Math.max(nowMs - timestamp * 1000 - clockAheadMs, nowMs - this.#changedAtMs);
    return ageMs > maxAgeMs ? ageMs : undefined;
  }

  /**
   * How far behind the clock the heads of an endpoint are that goes at L1's pace, ms, or that of its last head if that
   * is not stale; `undefined` for one that stands still or is catching up, and until that can be told.
   */
  steadyLagMs(nowMs: number): number | undefined {
    const { maxAgeMs, slotSeconds } = this.settings;
    const newest = this.#lagsMs.at(-1);
    if (newest === undefined || nowMs - this.#changedAtMs > maxAgeMs) return undefined;
    if (newest <= maxAgeMs) return newest;
    if (this.#lagsMs.length < PACE_HEADS) return undefined;
    // An endpoint that is catching up comes closer with each head; the distance of a wrong clock stays the same. Of
    // three the least: one head may have been on its way for long.
    const [before, since] = [this.#lagsMs.slice(0, PACE_HEADS / 2), this.#lagsMs.slice(PACE_HEADS / 2)];
    const gained = Math.min(...before) - Math.min(...since);
    return gained <= Math.max(1000, 250 * slotSeconds) ? Math.min(...since) : undefined;
  }
}

/**
 * By how much the clock is ahead of L1, ms, as the heads of all endpoints show together: 0 unless every endpoint that
 * goes at L1's pace is too far behind the clock. A clock that is wrong is this machine's trouble, and no endpoint's.
 */
export function clockAheadOf(
  watches: readonly HeadWatch[],
  { nowMs, maxAgeMs }: { readonly nowMs: number; readonly maxAgeMs: number },
): number {
  const lags = watches.flatMap(watch => watch.steadyLagMs(nowMs) ?? []);
  const least = Math.min(...lags);
  return lags.length > 0 && least > maxAgeMs ? least : 0;
}
