import type { Clock } from "@sprtn/ports";
import { abortError, onAbort, throwIfAborted } from "@sprtn/runtime";

const WAIT = "waiting for a handshake";

export interface HandshakePaceDependencies {
  readonly clock: Clock;
  /** The share of its time that the thread works, 0 to 1. */
  readonly load: () => number;
  /** Whether a peer that was of use has been at this address. */
  readonly isWelcome: (host: string) => boolean;
}

export interface HandshakePaceSettings {
  /** Handshakes that may begin at once after a quiet time. */
  readonly burst: number;
  /** While the load is not above `calmLoad`. */
  readonly perSecond: number;
  /** From `busyLoad` on; between the two, the pace falls evenly. */
  readonly busyPerSecond: number;
  readonly calmLoad: number;
  readonly busyLoad: number;
  /** Connections that wait for their turn; more are closed. */
  readonly maxWaiting: number;
  /** Whoever had no turn by then is closed. */
  readonly maxWaitMs: number;
}

/**
 * LIMIT-29: how fast others' handshakes begin. Key agreement, signatures and the streams of a new connection are the
 * most that a stranger can have a node compute, and whom it has turned away comes back. So strangers get what the
 * thread has left: before its handshake nobody has a name. Addresses of peers that were of use have turns of their own.
 */
export class HandshakePace {
  readonly #strangers: Lane;
  readonly #welcome: Lane;
  readonly #isWelcome: (host: string) => boolean;

  constructor(dependencies: HandshakePaceDependencies, settings: HandshakePaceSettings) {
    const { clock, load } = dependencies;
    this.#isWelcome = dependencies.isWelcome;
    this.#strangers = new Lane({ clock, perSecond: () => paceAt(load(), settings) }, settings);
    this.#welcome = new Lane({ clock, perSecond: () => settings.perSecond }, settings);
  }

  /**
   * Whether the handshake of a connection from `host` may begin, once it may; false if it may not for too long. Rejects
   * if `signal` ends the wait.
   */
  turn(host: string, signal?: AbortSignal): Promise<boolean> {
    return (this.#isWelcome(host) ? this.#welcome : this.#strangers).turn(signal);
  }
}

function paceAt(load: number, { perSecond, busyPerSecond, calmLoad, busyLoad }: HandshakePaceSettings): number {
  const share = (load - calmLoad) / (busyLoad - calmLoad);
  return perSecond - Math.min(1, Math.max(0, share)) * (perSecond - busyPerSecond);
}

interface Waiting {
  readonly untilMs: number;
  readonly end: (begins: boolean) => void;
}

/** Turns in the order in which they were asked for, at a pace that may change while they are waited for. */
class Lane {
  readonly #clock: Clock;
  readonly #perSecond: () => number;
  readonly #settings: Pick<HandshakePaceSettings, "burst" | "maxWaiting" | "maxWaitMs">;
  readonly #waiting = new Set<Waiting>();
  #left: number;
  #atMs: number;
  #cancel: (() => void) | undefined;

  constructor(
    dependencies: { readonly clock: Clock; readonly perSecond: () => number },
    settings: Pick<HandshakePaceSettings, "burst" | "maxWaiting" | "maxWaitMs">,
  ) {
    this.#clock = dependencies.clock;
    this.#perSecond = dependencies.perSecond;
    this.#settings = settings;
    this.#left = settings.burst;
    this.#atMs = this.#clock.steadyMs();
  }

  async turn(signal?: AbortSignal): Promise<boolean> {
    throwIfAborted(WAIT, signal);
    this.#serve();
    if (this.#left >= 1 && this.#waiting.size === 0) {
      this.#left--;
      return true;
    }
    const { maxWaiting, maxWaitMs } = this.#settings;
    if (this.#waiting.size >= maxWaiting) return false;
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const waiting = { untilMs: this.#clock.steadyMs() + maxWaitMs, end: resolve };
    this.#waiting.add(waiting);
    const release = onAbort(signal, () => {
      this.#waiting.delete(waiting);
      reject(abortError(WAIT, signal as AbortSignal));
    });
    this.#serve();
    try {
      return await promise;
    } finally {
      release();
    }
  }

  /** Gives what turns there are to those that have waited longest, and comes back for the next. */
  #serve(): void {
    const nowMs = this.#clock.steadyMs();
    const perMs = this.#perSecond() / 1_000;
    this.#left = Math.min(this.#settings.burst, this.#left + (nowMs - this.#atMs) * perMs);
    this.#atMs = nowMs;
    for (const waiting of this.#waiting) {
      const begins = this.#left >= 1;
      if (!begins && nowMs < waiting.untilMs) break;
      if (begins) this.#left--;
      this.#waiting.delete(waiting);
      waiting.end(begins);
    }
    this.#cancel?.();
    this.#cancel = undefined;
    const [first] = this.#waiting;
    if (first === undefined) return;
    const delayMs = Math.ceil(Math.min((1 - this.#left) / perMs, first.untilMs - nowMs));
    this.#cancel = this.#clock.schedule(delayMs, () => this.#serve());
  }
}
