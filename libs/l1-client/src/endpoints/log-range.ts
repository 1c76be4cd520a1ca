/** Requests of full size that must succeed before a larger one is tried. */
const SUCCESSES_BEFORE_GROWTH = 16;

/**
 * How many blocks an endpoint gives the logs of at once: halved when it refuses, remembered, and grown again slowly,
 * for a limit on time or results lifts where L1 is quieter.
 */
export class LogRange {
  #size: number;
  #successes = 0;

  constructor(private readonly max: number) {
    this.#size = max;
  }

  get size(): number {
    return this.#size;
  }

  /** Logs of `blocks` blocks were given. */
  accepted(blocks: number): void {
    if (blocks < this.#size || this.#size === this.max) return;
    if (++this.#successes < SUCCESSES_BEFORE_GROWTH) return;
    this.#successes = 0;
    this.#size = Math.min(this.max, this.#size * 2);
  }

  /** Whether fewer than the `blocks` blocks that were refused can be asked for. */
  refused(blocks: number): boolean {
    this.#successes = 0;
    if (blocks <= 1) return false;
    this.#size = Math.min(this.#size, Math.ceil(blocks / 2));
    return true;
  }
}
