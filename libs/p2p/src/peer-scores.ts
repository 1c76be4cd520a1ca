import type { Clock } from "@sprtn/ports";
import { LruMap } from "@sprtn/runtime";

/** Points that a fault costs; a peer at {@link EXPELLED_AT} is disconnected and kept away. */
export const PENALTY = {
  /** A message that breaks a rule. */
  reject: 15,
  /** Useless but not provably wrong. */
  mild: 5,
  /** Provably wrong. */
  severe: 60,
  /** One message or request above the peer's rate. */
  excess: 0.1,
} as const;

/** LIMIT-8: peers of which a node remembers scores, bans and rates after they left. */
export const REMEMBERED_PEERS = 2_000;

export const EXPELLED_AT = -100;

interface Entry {
  points: number;
  atMs: number;
}

/**
 * What peers have cost us: points that halve with time. Outlives connections, so that coming back does not clean a
 * record.
 */
export class PeerScores {
  readonly #clock: Clock;
  readonly #halfLifeMs: number;
  readonly #entries: LruMap<string, Entry>;

  constructor(
    dependencies: { readonly clock: Clock },
    settings: { readonly halfLifeMs: number; readonly maxPeers: number },
  ) {
    this.#clock = dependencies.clock;
    this.#halfLifeMs = settings.halfLifeMs;
    this.#entries = new LruMap(settings.maxPeers);
  }

  /** ≤ 0. */
  scoreOf(peer: string): number {
    const entry = this.#entries.peek(peer);
    if (!entry) return 0;
    const passedMs = this.#clock.steadyMs() - entry.atMs;
    const points = entry.points * 0.5 ** (passedMs / this.#halfLifeMs);
    return points < 0.01 ? 0 : -points;
  }

  /** Takes `points` off and returns the new score. */
  penalize(peer: string, points: number): number {
    const score = this.scoreOf(peer) - points;
    this.#entries.set(peer, { points: -score, atMs: this.#clock.steadyMs() });
    return score;
  }
}
