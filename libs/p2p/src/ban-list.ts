import type { Clock } from "@sprtn/ports";
import { LruMap } from "@sprtn/runtime";

interface Ban {
  readonly untilMs: number;
  readonly code: string;
}

/** Peers that are kept away for a while, and why. */
export class BanList {
  readonly #clock: Clock;
  readonly #bans: LruMap<string, Ban>;

  constructor(dependencies: { readonly clock: Clock }, settings: { readonly maxPeers: number }) {
    this.#clock = dependencies.clock;
    this.#bans = new LruMap(settings.maxPeers);
  }

  ban(peer: string, forMs: number, code: string): void {
    this.#bans.set(peer, { untilMs: this.#clock.steadyMs() + forMs, code });
  }

  /** The code of the ban that holds now, if one does. */
  reasonOf(peer: string): string | undefined {
    const ban = this.#bans.peek(peer);
    if (!ban) return undefined;
    if (ban.untilMs > this.#clock.steadyMs()) return ban.code;
    this.#bans.delete(peer);
    return undefined;
  }
}
