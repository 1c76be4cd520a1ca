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

/** Tells whether an endpoint goes with L1: by its head's time, and by whether there are new ones. */
export class HeadWatch {
  #hash: Bytes32 | undefined;
  #changedAtMs = 0;

  constructor(private readonly maxAgeMs: number) {}

  /** How old, in ms, a head is that is too old; `undefined` for one that is not. */
  staleness({ hash, timestamp }: L1BlockRef, nowMs: number): number | undefined {
    if (this.#hash !== hash) [this.#hash, this.#changedAtMs] = [hash, nowMs];
    if (this.maxAgeMs === 0) return undefined;
    // An L1 whose time was moved ahead shows by its blocks alone that it stands still.
    const ageMs = Math.max(nowMs - timestamp * 1000, nowMs - this.#changedAtMs);
    return ageMs > this.maxAgeMs ? ageMs : undefined;
  }
}
