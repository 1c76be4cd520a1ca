import { OngoingTrouble } from "@sprtn/runtime";
import type { Clock, Gauge, L1BlockRef, L1Time, Logger, Meter } from "@sprtn/ports";
import { type L1BlockNumber, UnixSeconds } from "@sprtn/primitives";
import { L1ErrorCode } from "../l1-error.js";
import { clockSkewSeconds } from "./heads-metrics.js";

/** What the heads are compared with and reported to. */
export interface L1HeadsDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
}

/** The L1's slot time, and how far clock and heads may differ before the operator hears of it. */
export interface L1HeadsSettings {
  /** From this difference on between the clock and L1's heads, s, there is a warning. */
  readonly maxClockSkewSeconds: number;
  /** L1's interval between blocks, s: heads that are further apart left blocks out, or come on demand. */
  readonly slotSeconds: number;
}

/** A head when it was first seen. */
interface Sighting {
  readonly head: L1BlockRef;
  /** How far the clock was past the head's time, ms: the clock's error, and how long the head was on its way. */
  readonly lagMs: number;
}

/** Heads by which the clock is judged. */
const REMEMBERED = 6;
/**
 * Heads before which nothing is said about the clock: the first was there before this node looked, and one that comes
 * late need not mean that the clock was set.
 */
const ENOUGH = 3;

/** The L1 block of a number, if L1 has it. */
export type BlockAt = (number: L1BlockNumber) => Promise<L1BlockRef | undefined>;

/** Follows L1's heads: finds reorgs, estimates when the next block comes, and compares the clock with them. */
export class L1Heads implements L1Time {
  readonly #dependencies: L1HeadsDependencies;
  readonly #settings: L1HeadsSettings;
  readonly #skew: Gauge;
  readonly #listeners = new Set<() => void>();
  #sightings: readonly Sighting[] = [];
  /** Heads that came after the first one, and since the clock may have been set. */
  #seen = 0;
  readonly #trouble = new OngoingTrouble();

  constructor(dependencies: L1HeadsDependencies, settings: L1HeadsSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#skew = clockSkewSeconds(dependencies.meter);
  }

  head(): L1BlockRef | undefined {
    return this.#sightings.at(-1)?.head;
  }

  /**
   * No later than it really will be: heads come one interval apart or several, and by the clock, less the shortest time
   * that a head took to arrive, some may have been left out.
   */
  nextBlock(latest?: UnixSeconds): UnixSeconds | undefined {
    const head = this.head();
    if (head === undefined) return undefined;
    const last = Math.max(head.timestamp, latest ?? 0);
    const interval = this.#intervalSeconds();
    const now = Math.floor((this.#dependencies.clock.nowMs() - this.#leastLagMs()) / 1000);
    const intervals = Math.max(1, Math.ceil((now - last) / interval));
    return UnixSeconds(last + intervals * interval);
  }

  skewSeconds(): number | undefined {
    return this.#seen < ENOUGH ? undefined : this.#leastLagMs() / 1000;
  }

  onReorg(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes what an endpoint calls its head. `blockAt` tells whether the last known head is still on the chain. */
  async observe(head: L1BlockRef, blockAt: BlockAt): Promise<void> {
    const known = this.head();
    if (known?.hash === head.hash) return;
    const lagMs = this.#dependencies.clock.nowMs() - 1000 * head.timestamp;
    const follows =
      known === undefined ||
      (head.number > known.number && (await blockAt(known.number))?.hash === known.hash && this.head() === known);
    if (follows) {
      this.#follow({ head, lagMs });
    } else {
      // Times of removed blocks say nothing of the interval; those of new ones nothing of how long they took to arrive.
      this.#sightings = [{ head, lagMs: Math.min(lagMs, this.#leastLagMs()) }];
      this.#dependencies.logger.verbose("L1 was reorganised", { from: known?.number, to: head.number });
      for (const listener of [...this.#listeners]) listener();
    }
    this.#judgeClock();
  }

  #follow(sighting: Sighting): void {
    const known = this.#sightings;
    const leastLagMs = this.#leastLagMs();
    this.#sightings = [...known, sighting].slice(-REMEMBERED);
    if (known.length === 0) return;
    this.#seen++;
    if (sighting.lagMs <= leastLagMs + 1000 * this.#intervalSeconds()) return;
    // The clock was set forward, or this head came late. By earlier lags the next block would be later than it may be.
    this.#sightings = this.#sightings.map(each => (each === sighting ? each : { ...each, lagMs: Infinity }));
    this.#seen = 1;
  }

  #leastLagMs(): number {
    return Math.min(...this.#sightings.map(({ lagMs }) => lagMs));
  }

  /** The shortest time between two blocks in a row, s, an L1 slot at most; 1 while it is not known. */
  #intervalSeconds(): number {
    const steps = this.#sightings.slice(1).map(({ head }, index) => {
      const before = (this.#sightings[index] as Sighting).head;
      return Math.floor((head.timestamp - before.timestamp) / (head.number - before.number));
    });
    return Math.max(1, steps.length === 0 ? 1 : Math.min(this.#settings.slotSeconds, ...steps));
  }

  #judgeClock(): void {
    const skew = this.skewSeconds();
    if (skew === undefined) return;
    this.#skew.set(skew);
    const { maxClockSkewSeconds } = this.#settings;
    const { logger } = this.#dependencies;
    const wrong = Math.abs(skew) > maxClockSkewSeconds;
    if (!wrong) {
      if (this.#trouble.end() !== undefined)
        logger.info("the clock agrees with L1's blocks again", { code: L1ErrorCode.CLOCK_SKEW, skewSeconds: skew });
    } else if (this.#trouble.isNew(L1ErrorCode.CLOCK_SKEW)) {
      const seconds = Math.abs(skew).toFixed(1);
      logger.warn(
        skew > 0
          ? `this machine's clock is ${seconds} s ahead of L1's blocks: set it (NTP), or use an L1 endpoint that ` +
              "does not lag"
          : `this machine's clock is ${seconds} s behind L1's blocks: set it (NTP)`,
        { code: L1ErrorCode.CLOCK_SKEW, skewSeconds: skew },
      );
    }
  }
}
