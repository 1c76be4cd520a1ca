import type { Clock, L1BlockRef, L1Time } from "@sprtn/ports";
import { Bytes32, L1BlockNumber, toHex, uintToBytes, UnixSeconds } from "@sprtn/primitives";

/**
 * An L1 with a block every `intervalSeconds`, on the seconds that they divide, by a clock that may differ from ours.
 */
export class FakeL1Time implements L1Time {
  /** By how much the node's clock is ahead of L1's, s. */
  aheadSeconds = 0;
  readonly #clock: Clock;
  readonly #interval: number;
  readonly #listeners = new Set<() => void>();

  constructor(clock: Clock, intervalSeconds = 1) {
    this.#clock = clock;
    this.#interval = intervalSeconds;
  }

  /** L1's own time, s. */
  now(): number {
    return this.#clock.nowMs() / 1000 - this.aheadSeconds;
  }

  head(): L1BlockRef {
    const number = Math.max(0, Math.floor(this.now() / this.#interval));
    return {
      number: L1BlockNumber(number),
      hash: Bytes32(toHex(uintToBytes(number, 32))),
      timestamp: UnixSeconds(number * this.#interval),
    };
  }

  nextBlock(): UnixSeconds {
    return UnixSeconds(this.head().timestamp + this.#interval);
  }

  skewSeconds(): number {
    return this.aheadSeconds;
  }

  onReorg(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** An L1 reorg happens. */
  reorg(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
