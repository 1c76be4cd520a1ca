import type { Clock } from "@sprtn/ports";
import type { CircuitName } from "@sprtn/protocol";
import { weightOf } from "./planned-jobs.js";

/** How fast jobs are done, while there are any: what the time that is left is told by. */
export class ProvingPace {
  #weightDone = 0;
  #busyMs = 0;
  #busySinceMs = 0;
  #open = 0;

  constructor(private readonly clock: Clock) {}

  /** In gates. */
  get weightDone(): number {
    return this.#weightDone;
  }

  begin(): void {
    if (this.#open++ === 0) this.#busySinceMs = this.clock.nowMs();
  }

  /** The job is done, or given up. */
  end(circuit: CircuitName, done: boolean): void {
    if (done) this.#weightDone += weightOf([circuit]);
    if (--this.#open === 0) this.#busyMs += this.clock.nowMs() - this.#busySinceMs;
  }

  /** For so many gates; undefined before the first job is done. */
  secondsFor(weight: number): number | undefined {
    if (this.#weightDone === 0) return undefined;
    const busyMs = this.#busyMs + (this.#open > 0 ? this.clock.nowMs() - this.#busySinceMs : 0);
    return Math.round((weight * busyMs) / this.#weightDone / 1000);
  }
}
