import type { CircuitName } from "@sprtn/protocol";
import type { Clock, Logger, Meter, QueueStatus } from "@sprtn/ports";
import { leasesLost, VANISHING } from "../broker/broker-answers.js";
import { lostLeases } from "../broker/broker-metrics.js";
import type { CircuitQueue, QueuedJob } from "./circuit-queue.js";
import { placeOf } from "./queued-job.js";
import type { Troubles } from "./troubles.js";

/** The queues of all circuits, and where it is written what went wrong. */
export interface QueueRoundDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
  readonly queues: ReadonlyMap<CircuitName, CircuitQueue>;
  readonly troubles: Troubles;
}

/** See `RedisQueueSettings`. */
export interface QueueRoundSettings {
  /** How often jobs without a lease are looked for. */
  readonly stalledMs: number;
  readonly attempts: number;
  readonly lostLeases: number;
}

const COUNT_MS = 1000;
const nothing: QueueStatus = { queued: 0, leased: 0, done: 0, failed: 0 };

/** What each process does for the queue now and then: gives out again what agents left behind, and counts. */
export class QueueRound {
  readonly #lost;
  #recoveredMs = Number.NEGATIVE_INFINITY;
  #countedMs = Number.NEGATIVE_INFINITY;
  #status = nothing;

  readonly #dependencies: QueueRoundDependencies;

  constructor(
    dependencies: QueueRoundDependencies,
    private readonly settings: QueueRoundSettings,
  ) {
    this.#dependencies = dependencies;
    this.#lost = lostLeases(dependencies.meter);
  }

  /** As it was a second ago or less. */
  get status(): QueueStatus {
    return this.#status;
  }

  /** Lets the next round count, however shortly after the last one it comes. */
  countAgain(): void {
    this.#countedMs = Number.NEGATIVE_INFINITY;
  }

  async run(): Promise<void> {
    await this.recover();
    const nowMs = this.#dependencies.clock.steadyMs();
    if (nowMs - this.#countedMs < COUNT_MS) return;
    this.#countedMs = nowMs;
    const counts = await Promise.all([...this.#dependencies.queues.values()].map(queue => queue.counts()));
    this.#status = counts.reduce<QueueStatus>(
      (sum, { wait, prioritized, active, completed, failed }) => ({
        queued: sum.queued + wait + prioritized,
        leased: sum.leased + active,
        done: sum.done + completed,
        failed: sum.failed + failed,
      }),
      nothing,
    );
  }

  /** Puts jobs whose agents have vanished back into their queues. */
  async recover(): Promise<void> {
    const nowMs = this.#dependencies.clock.steadyMs();
    if (nowMs - this.#recoveredMs < this.settings.stalledMs) return;
    this.#recoveredMs = nowMs;
    await Promise.all(
      [...this.#dependencies.queues].map(async ([circuit, queue]) => {
        for (const job of await queue.recover()) await this.#reportLost(circuit, job);
      }),
    );
  }

  async #reportLost(circuit: CircuitName, job: QueuedJob): Promise<void> {
    const { attempts, lostLeases: most } = this.settings;
    const [place, lost] = [placeOf(circuit, job), job.stalledCounter];
    this.#lost.add(1, { circuit });
    await this.#dependencies.troubles.set(place, leasesLost(lost));
    if (lost === Math.min(attempts, most))
      this.#dependencies.logger.warn(VANISHING, { job: place.id, circuit, epoch: place.epoch, lost });
  }
}
