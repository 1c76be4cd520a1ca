import type { Clock } from "./clock.js";
import { requireAtLeast } from "./runtime-error.js";

interface Timer {
  atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** One turn of the host's event loop: every microtask that is ready has run when it resolves. */
const settleMicrotasks = () => new Promise<void>(resolve => setImmediate(resolve));

/**
 * A clock that stands still until it is advanced. Timers run in the order of their time, then of their making: the same
 * every run.
 */
export class ManualClock implements Clock {
  #nowMs: number;
  /** What the time began with, and all jumps since. */
  #setMs: number;
  #made = 0;
  /** Sorted by time, then by order of making. */
  readonly #timers: Timer[] = [];
  readonly #settle: () => Promise<void>;

  /**
   * `settle` resolves when the work that a timer set off has come to rest; a simulation with real disks passes its own.
   */
  constructor(startMs = 0, settle: () => Promise<void> = settleMicrotasks) {
    this.#nowMs = startMs;
    this.#setMs = startMs;
    this.#settle = settle;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  steadyMs(): number {
    return this.#nowMs - this.#setMs;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + (delayMs > 0 ? delayMs : 0), order: this.#made++, callback };
    this.#timers.splice(this.#position(timer), 0, timer);
    return () => {
      const at = this.#position(timer);
      if (this.#timers[at] === timer) this.#timers.splice(at, 1);
    };
  }

  /** When the next timer is due; `undefined` when none waits. */
  nextTimerMs(): number | undefined {
    return this.#timers[0]?.atMs;
  }

  get pendingTimers(): number {
    return this.#timers.length;
  }

  /**
   * Moves `ms` forward and runs every timer that falls due, also those made on the way; lets asynchronous work settle
   * before, between and after.
   */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + requireAtLeast("the span to advance, in ms,", ms, 0);
    await this.#settle();
    while (this.#runNext(endMs)) await this.#settle();
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  /** As {@link advance}, in one go: nothing asynchronous happens in between. */
  advanceSync(ms: number): void {
    const endMs = this.#nowMs + requireAtLeast("the span to advance, in ms,", ms, 0);
    while (this.#runNext(endMs));
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  /**
   * A jump of the wall clock, as by NTP or an operator: no timer runs, and each keeps its remaining delay. `ms` may be
   * negative.
   */
  jump(ms: number): void {
    this.#nowMs += ms;
    this.#setMs += ms;
    for (const timer of this.#timers) timer.atMs += ms;
  }

  /** Moves to the next due time, if it is not after `endMs`, and runs one timer. */
  #runNext(endMs: number): boolean {
    const next = this.#timers[0];
    if (!next || next.atMs > endMs) return false;
    this.#timers.shift();
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.callback();
    return true;
  }

  #position(timer: Timer): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#timers[middle] as Timer;
      if (other.atMs < timer.atMs || (other.atMs === timer.atMs && other.order < timer.order)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
