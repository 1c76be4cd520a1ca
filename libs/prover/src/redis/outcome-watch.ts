import { codeOf, messageOf } from "@sprtn/primitives";
import type { Clock, JobOutcome, Logger } from "@sprtn/ports";
import { abortError, Loop, onAbort, OngoingTrouble } from "@sprtn/runtime";
import type { JobPlace } from "./job-index.js";

export interface OutcomeWatchDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How a job ended; `undefined` while it has not. */
  readonly outcome: (place: JobPlace) => Promise<JobOutcome | undefined>;
  /** What else a round does. */
  readonly round: () => Promise<void>;
  /** An error that its own texts tell of already. */
  readonly known: (error: unknown) => boolean;
}

interface Waiting {
  readonly place: JobPlace;
  readonly resolves: Set<(outcome: JobOutcome) => void>;
}

/**
 * Polls the jobs that somebody waits for: Redis holds the truth, no matter who changed it
 * and whatever was missed meanwhile.
 */
export class OutcomeWatch {
  readonly #loop: Loop;
  readonly #waiting = new Map<string, Waiting>();
  readonly #trouble = new OngoingTrouble();

  readonly #dependencies: OutcomeWatchDependencies;

  constructor(dependencies: OutcomeWatchDependencies, settings: { readonly intervalMs: number }) {
    this.#dependencies = dependencies;
    const { clock } = dependencies;
    this.#loop = new Loop({ clock, step: () => this.#step(), onError: error => this.#report(error) }, settings);
  }

  start(): Promise<void> {
    return this.#loop.start(new AbortController().signal);
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Looks now; resolves when it has. */
  look(): Promise<void> {
    return this.#loop.trigger();
  }

  wait(place: JobPlace, signal: AbortSignal): Promise<JobOutcome> {
    const { promise, resolve, reject } = Promise.withResolvers<JobOutcome>();
    const waiting = this.#waiting.get(place.id) ?? { place, resolves: new Set() };
    this.#waiting.set(place.id, waiting);
    waiting.resolves.add(resolve);
    const release = onAbort(signal, () => reject(abortError(`waiting for job ${place.id}`, signal)));
    void this.look();
    return promise.finally(() => {
      release();
      waiting.resolves.delete(resolve);
      if (waiting.resolves.size === 0 && this.#waiting.get(place.id) === waiting) this.#waiting.delete(place.id);
    });
  }

  async #step(): Promise<void> {
    await this.#dependencies.round();
    const looks = [...this.#waiting.values()].map(async ({ place, resolves }) => {
      const outcome = await this.#dependencies.outcome(place);
      if (outcome !== undefined) for (const resolve of resolves) resolve(outcome);
    });
    const failed = (await Promise.allSettled(looks)).find(look => look.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    this.#trouble.end();
  }

  /** Warns once per trouble, until a round succeeds. */
  #report(error: unknown): void {
    if (this.#dependencies.known(error) || !this.#trouble.isNew(messageOf(error))) return;
    this.#dependencies.logger.warn("the proof queue cannot determine the state of its jobs; it will check again", {
      code: codeOf(error),
      reason: messageOf(error),
    });
  }
}
