import type { Clock } from "@sprtn/ports";

export interface PaceSettings {
  readonly unitsPerSecond: number;
  /** Units that may be spent at once after a rest. */
  readonly burst: number;
}

/**
 * How fast a server works for all of its callers together: beyond it they wait, so that the rest of the process gets
 * its share of the one thread. A caller may spend more than is available; the next one waits for that.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #settings: PaceSettings;
  #units: number;
  #atMs: number;

  constructor(dependencies: { readonly clock: Clock }, settings: PaceSettings) {
    this.#clock = dependencies.clock;
    this.#settings = settings;
    this.#units = settings.burst;
    this.#atMs = dependencies.clock.steadyMs();
  }

  spend(units: number): void {
    this.#refill();
    this.#units -= units;
  }

  /** Resolves when there is something to spend. */
  async turn(): Promise<void> {
    for (;;) {
      this.#refill();
      if (this.#units > 0) return;
      const waitMs = Math.ceil((-this.#units / this.#settings.unitsPerSecond) * 1000) + 1;
      await new Promise<void>(resolve => void this.#clock.schedule(waitMs, resolve));
    }
  }

  #refill(): void {
    const nowMs = this.#clock.steadyMs();
    const passedMs = nowMs - this.#atMs;
    this.#atMs = nowMs;
    this.#units = Math.min(this.#settings.burst, this.#units + (passedMs / 1000) * this.#settings.unitsPerSecond);
  }
}
