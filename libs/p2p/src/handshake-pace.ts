import type { Clock } from "@sprtn/ports";
import { sleep } from "@sprtn/runtime";

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
  /** Connections whose turn is further away are closed. */
  readonly maxWaitMs: number;
}

/** Turns that one after another takes, whoever asks. Below 0: those that wait. */
interface Turns {
  left: number;
  atMs: number;
}

/**
 * LIMIT-29: how fast others' handshakes begin. Key agreement, signatures and the streams of a new connection are the
 * most that a stranger can have a node compute, and whom it has turned away comes back. So strangers get what the
 * thread has left: before its handshake nobody has a name. Addresses of peers that were of use have turns of their own.
 */
export class HandshakePace {
  readonly #dependencies: HandshakePaceDependencies;
  readonly #settings: HandshakePaceSettings;
  readonly #strangers: Turns;
  readonly #welcome: Turns;

  constructor(dependencies: HandshakePaceDependencies, settings: HandshakePaceSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    const turns = () => ({ left: settings.burst, atMs: dependencies.clock.nowMs() });
    this.#strangers = turns();
    this.#welcome = turns();
  }

  /**
   * Whether the handshake of a connection from `host` may begin, once it may; false at once if that is too far away.
   * Rejects if `signal` ends the wait.
   */
  async turn(host: string, signal?: AbortSignal): Promise<boolean> {
    const { clock, isWelcome } = this.#dependencies;
    const { burst, perSecond, maxWaitMs } = this.#settings;
    const welcome = isWelcome(host);
    const turns = welcome ? this.#welcome : this.#strangers;
    const perMs = (welcome ? perSecond : this.#perSecond()) / 1_000;
    const nowMs = clock.nowMs();
    // A clock may go back.
    const left = Math.min(burst, turns.left + Math.max(0, nowMs - turns.atMs) * perMs);
    const waitMs = Math.max(0, 1 - left) / perMs;
    const isTooFar = waitMs > maxWaitMs;
    Object.assign(turns, { left: isTooFar ? left : left - 1, atMs: nowMs });
    if (isTooFar) return false;
    if (waitMs > 0) await sleep(clock, waitMs, signal);
    return true;
  }

  #perSecond(): number {
    const { perSecond, busyPerSecond, calmLoad, busyLoad } = this.#settings;
    const share = (this.#dependencies.load() - calmLoad) / (busyLoad - calmLoad);
    return perSecond - Math.min(1, Math.max(0, share)) * (perSecond - busyPerSecond);
  }
}
