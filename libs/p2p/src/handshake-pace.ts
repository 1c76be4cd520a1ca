import type { Clock } from "@sprtn/ports";
import { sleep } from "@sprtn/runtime";

export interface HandshakePaceSettings {
  /** Handshakes that may begin at once after a quiet time. */
  readonly burst: number;
  readonly perSecond: number;
  /** Connections that wait for their turn; more are closed. */
  readonly maxWaiting: number;
}

/**
 * LIMIT-29: how fast others' handshakes begin. Key agreement and two signatures are the most that a stranger can have a
 * node compute, and whom it has turned away comes back. One turn after another (GCRA), whoever asks: before its
 * handshake nobody has a name.
 */
export class HandshakePace {
  readonly #clock: Clock;
  readonly #settings: HandshakePaceSettings;
  /** When the turn after the last one given would come without a burst. */
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor(dependencies: { readonly clock: Clock }, settings: HandshakePaceSettings) {
    this.#clock = dependencies.clock;
    this.#settings = settings;
  }

  /** Whether a handshake may begin, once it may; false at once if too many wait. Rejects if `signal` ends the wait. */
  async turn(signal?: AbortSignal): Promise<boolean> {
    const { burst, perSecond, maxWaiting } = this.#settings;
    const intervalMs = 1_000 / perSecond;
    const nowMs = this.#clock.nowMs();
    // No turn is further ahead than this, unless the clock went back.
    const isAhead = this.#nextMs - nowMs <= (burst + maxWaiting) * intervalMs;
    const nextMs = isAhead ? Math.max(this.#nextMs, nowMs) : nowMs;
    const waitMs = nextMs - nowMs - (burst - 1) * intervalMs;
    if (waitMs > maxWaiting * intervalMs) return false;
    this.#nextMs = nextMs + intervalMs;
    if (waitMs > 0) await sleep(this.#clock, waitMs, signal);
    return true;
  }
}
