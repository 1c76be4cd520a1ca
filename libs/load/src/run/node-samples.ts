import type { FeedState } from "@sprtn/feed";
import type { LoadReport } from "../report/load-report.js";
import { INTERVAL_MS } from "./load-ledger.js";

type Sample = LoadReport["nodes"][number]["samples"][number];

/** What nodes' processes use, every ten seconds of a run. */
export class NodeSamples {
  readonly #latest = new Map<string, FeedState>();
  readonly #samples = new Map<string, Sample[]>();
  #startAt: number | undefined;
  #next = 0;

  onState(name: string, state: FeedState): void {
    this.#latest.set(name, state);
  }

  /** `clock.steadyMs` of the first payment that counts. */
  start(startAt: number): void {
    this.#startAt = startAt;
  }

  /** To be called often: takes a sample when one is due. */
  take(now: number): void {
    if (this.#startAt === undefined || now < this.#startAt + this.#next) return;
    const atMs = now - this.#startAt;
    this.#next = (Math.floor(atMs / INTERVAL_MS) + 1) * INTERVAL_MS;
    for (const [name, { machine, pool }] of this.#latest) {
      const samples = this.#samples.get(name) ?? [];
      this.#samples.set(name, samples);
      const { rssBytes, cores, loopLagMs } = machine;
      samples.push({ atMs, rssBytes, cores, loopLagMs, pool: pool.count });
    }
  }

  of(name: string): readonly Sample[] {
    return this.#samples.get(name) ?? [];
  }
}
