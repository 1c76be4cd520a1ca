import type { Epoch } from "@sprtn/primitives";
import type { Clock, EpochProgress } from "@sprtn/ports";

const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 900_000;

interface FailedEpoch {
  readonly progress: EpochProgress;
  readonly times: number;
  readonly beginMs: number;
}

/**
 * Epochs whose proof failed. Each is started again, immediately after its first failure, then after increasingly long
 * pauses: a job that crashes its agents must not crash them all day.
 */
export class FailedEpochs {
  readonly #failed = new Map<Epoch, FailedEpoch>();

  constructor(private readonly clock: Clock) {}

  add(progress: EpochProgress): void {
    const times = (this.#failed.get(progress.epoch)?.times ?? 0) + 1;
    const pauseMs = times === 1 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (times - 2));
    this.#failed.set(progress.epoch, { progress, times, beginMs: this.clock.steadyMs() + pauseMs });
  }

  proven(epoch: Epoch): void {
    this.#failed.delete(epoch);
  }

  mayBegin(epoch: Epoch): boolean {
    return (this.#failed.get(epoch)?.beginMs ?? 0) <= this.clock.steadyMs();
  }

  /** How far each was when it failed. */
  all(): readonly EpochProgress[] {
    return [...this.#failed.values()].map(({ progress }) => progress);
  }

  /** Forgets those that are proven, and those whose blocks are gone. */
  keepWithin({ proven, pending }: { readonly proven: number; readonly pending: number }): void {
    for (const [epoch, { progress }] of this.#failed)
      if (progress.lastBlock <= proven || progress.lastBlock > pending) this.#failed.delete(epoch);
  }
}
