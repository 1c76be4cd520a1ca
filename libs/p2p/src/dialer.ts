import { messageOf } from "@sprtn/primitives";
import type { Logger } from "@sprtn/ports";
import { backoffMs, type Clock, LruMap, type Random } from "@sprtn/runtime";
import type { Candidate } from "./node-record.js";

export interface DialerDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Resolves when connected. */
  readonly dial: (candidate: Candidate, signal: AbortSignal) => Promise<void>;
  readonly connectedCount: () => number;
  readonly isConnected: (peer: string) => boolean;
  readonly isBanned: (peer: string) => boolean;
}

export interface DialerSettings {
  readonly self: string;
  /** Below this many connections the dialer looks for more. */
  readonly minPeers: number;
  /** Dials at once. */
  readonly maxDialsAtOnce: number;
  readonly maxCandidates: number;
  readonly backoff: { readonly firstDelayMs: number; readonly maxDelayMs: number };
  /** Failures after which a discovered candidate is forgotten; bootstrap nodes never are. */
  readonly maxFailures: number;
}

interface Known {
  candidate: Candidate;
  readonly permanent: boolean;
  failures: number;
  notBeforeMs: number;
}

/** Keeps enough connections, a few dials at a time, less and less often to a peer that does not answer. */
export class Dialer {
  readonly #dependencies: DialerDependencies;
  readonly #settings: DialerSettings;
  readonly #bootstrap = new Map<string, Known>();
  readonly #discovered: LruMap<string, Known>;

  constructor(dependencies: DialerDependencies, settings: DialerSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#discovered = new LruMap(settings.maxCandidates);
  }

  /** Learns of a peer, or of its new addresses; true if it was unknown. */
  add(candidate: Candidate, permanent = false): boolean {
    if (candidate.peer === this.#settings.self) return false;
    const known = this.#known(candidate.peer);
    if (known) {
      known.candidate = candidate;
      return false;
    }
    const entry: Known = { candidate, permanent, failures: 0, notBeforeMs: 0 };
    if (permanent) this.#bootstrap.set(candidate.peer, entry);
    else this.#discovered.set(candidate.peer, entry);
    return true;
  }

  /** The peer proved good: it may be dialled again at once. */
  succeeded(peer: string): void {
    const known = this.#known(peer);
    if (!known) return;
    known.failures = 0;
    known.notBeforeMs = 0;
  }

  /** The peer could not be used: it waits longer each time. */
  failed(peer: string): void {
    const known = this.#known(peer);
    if (!known) return;
    known.failures++;
    if (!known.permanent && known.failures >= this.#settings.maxFailures) {
      this.#discovered.delete(peer);
      return;
    }
    known.notBeforeMs =
      this.#dependencies.clock.nowMs() + backoffMs(this.#settings.backoff, known.failures, this.#dependencies.random);
  }

  /** The peer asked to be left alone. */
  postpone(peer: string, forMs: number): void {
    const known = this.#known(peer);
    if (known) known.notBeforeMs = Math.max(known.notBeforeMs, this.#dependencies.clock.nowMs() + forMs);
  }

  /** One round: dials whoever is due while connections are missing. */
  async round(signal: AbortSignal): Promise<void> {
    const missing = this.#settings.minPeers - this.#dependencies.connectedCount();
    const due = this.#due().slice(0, Math.max(0, Math.min(missing, this.#settings.maxDialsAtOnce)));
    await Promise.all(due.map(known => this.#dial(known, signal)));
  }

  async #dial(known: Known, signal: AbortSignal): Promise<void> {
    const { peer } = known.candidate;
    try {
      await this.#dependencies.dial(known.candidate, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.failed(peer);
      this.#dependencies.logger.debug("dial failed", { peer, failures: known.failures, error: messageOf(error) });
    }
  }

  /** Bootstrap nodes and those with fewest failures first. */
  #due(): Known[] {
    const { clock, isConnected, isBanned } = this.#dependencies;
    const nowMs = clock.nowMs();
    const all = [...this.#bootstrap.values(), ...[...this.#discovered].map(([, known]) => known)];
    return all
      .filter(
        ({ notBeforeMs, candidate }) =>
          notBeforeMs <= nowMs && !isConnected(candidate.peer) && !isBanned(candidate.peer),
      )
      .toSorted((a, b) => a.failures - b.failures);
  }

  #known(peer: string): Known | undefined {
    return this.#bootstrap.get(peer) ?? this.#discovered.peek(peer);
  }
}
