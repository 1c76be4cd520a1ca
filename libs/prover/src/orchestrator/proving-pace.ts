import type { Clock } from "@sprtn/ports";
import type { CircuitName } from "@sprtn/protocol";
import { weightOf } from "./planned-jobs.js";

/** A proof that is there sooner was made before: by an earlier run, or for another epoch of the same blocks. */
const MADE_BEFORE_MS = 1000;

/** How fast jobs are done, while there are any; the estimate of the time left is based on it. */
export class ProvingPace {
  #weightDone = 0;
  /** Of proofs that were made while somebody waited. */
  #weightMade = 0;
  #busyMs = 0;
  #busySinceMs = 0;
  #open = 0;

  constructor(private readonly clock: Clock) {}

  /** In gates. */
  get weightDone(): number {
    return this.#weightDone;
  }

  /** A job begins; call what is returned when it is done, or given up. */
  begin(circuit: CircuitName): (done: boolean) => void {
    const beganMs = this.clock.steadyMs();
    if (this.#open++ === 0) this.#busySinceMs = beganMs;
    return done => {
      const nowMs = this.clock.steadyMs();
      const weight = weightOf([circuit]);
      if (done) this.#weightDone += weight;
      if (done && nowMs - beganMs >= MADE_BEFORE_MS) this.#weightMade += weight;
      if (--this.#open === 0) this.#busyMs += nowMs - this.#busySinceMs;
    };
  }

  /** For so many gates; undefined before the first proof is made. */
  secondsFor(weight: number): number | undefined {
    if (this.#weightMade === 0) return undefined;
    const busyMs = this.#busyMs + (this.#open > 0 ? this.clock.steadyMs() - this.#busySinceMs : 0);
    return Math.round((weight * busyMs) / this.#weightMade / 1000);
  }
}
