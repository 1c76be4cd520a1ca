import { messageOf } from "@sprtn/primitives";
import type { Clock, Logger, Random } from "@sprtn/ports";
import { backoffMs, LruMap } from "@sprtn/runtime";
import { addressGroup } from "./address-group.js";
import { isLoopback } from "./endpoint.js";
import type { Candidate } from "./node-record.js";

export interface DialerDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Resolves when connected. */
  readonly dial: (candidate: Candidate, signal: AbortSignal) => Promise<void>;
  readonly connectedCount: () => number;
  /** Of those, peers that this node dialled. */
  readonly outboundCount: () => number;
  readonly isConnected: (peer: string) => boolean;
  readonly isBanned: (peer: string) => boolean;
}

export interface DialerSettings {
  readonly self: string;
  /** Below this many connections the dialer looks for more. */
  readonly minPeers: number;
  /** Dial also if fewer than this many were dialled: incoming connections must not be the only ones. */
  readonly minOutbound: number;
  /** Dials at once. */
  readonly maxDialsAtOnce: number;
  readonly maxCandidates: number;
  /** Candidates of one address that have not proved good; loopback is not an address of one owner. */
  readonly maxPerAddress: number;
  readonly backoff: { readonly firstDelayMs: number; readonly maxDelayMs: number };
  /** Failures after which a discovered candidate is forgotten; bootstrap nodes never are. */
  readonly maxFailures: number;
}

interface Known {
  candidate: Candidate;
  readonly permanent: boolean;
  failures: number;
  notBeforeMs: number;
  /** Address that it counts for, if it does. */
  readonly group: string | undefined;
}

/**
 * LIMIT-7: keeps enough connections, a few dials at a time, less and less often to a peer that does not answer.
 * Candidates that proved good are kept apart from those that were only heard of: a peer that names thousands of nodes
 * displaces none of them.
 */
export class Dialer {
  readonly #dependencies: DialerDependencies;
  readonly #settings: DialerSettings;
  readonly #bootstrap = new Map<string, Known>();
  readonly #proven: LruMap<string, Known>;
  readonly #discovered: LruMap<string, Known>;
  /** Discovered candidates by address. */
  readonly #perAddress = new Map<string, number>();

  constructor(dependencies: DialerDependencies, settings: DialerSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#proven = new LruMap(settings.maxCandidates);
    this.#discovered = new LruMap(settings.maxCandidates, (_peer, known) => this.#uncount(known));
  }

  /** Learns of a peer, or of its new addresses; true if it was unknown. */
  add(candidate: Candidate, permanent = false): boolean {
    if (candidate.peer === this.#settings.self) return false;
    const known = this.#known(candidate.peer);
    if (known) {
      known.candidate = candidate;
      return false;
    }
    const group = permanent ? undefined : groupOf(candidate);
    const entry: Known = { candidate, permanent, failures: 0, notBeforeMs: 0, group };
    if (permanent) this.#bootstrap.set(candidate.peer, entry);
    else {
      if (group !== undefined) {
        const ofAddress = this.#perAddress.get(group) ?? 0;
        if (ofAddress >= this.#settings.maxPerAddress) return false;
        this.#perAddress.set(group, ofAddress + 1);
      }
      this.#discovered.set(candidate.peer, entry);
    }
    return true;
  }

  /** The peer proved good: it may be dialled again at once. */
  succeeded(peer: string): void {
    const known = this.#known(peer);
    if (!known) return;
    known.failures = 0;
    known.notBeforeMs = 0;
    if (known.permanent) return;
    if (this.#discovered.delete(peer)) this.#uncount(known);
    this.#proven.set(peer, known);
  }

  /** The peer could not be used: it waits longer each time. */
  failed(peer: string): void {
    const known = this.#known(peer);
    if (!known) return;
    known.failures++;
    if (!known.permanent && known.failures >= this.#settings.maxFailures) {
      if (this.#discovered.delete(peer)) this.#uncount(known);
      this.#proven.delete(peer);
      return;
    }
    known.notBeforeMs =
      this.#dependencies.clock.steadyMs() +
      backoffMs(this.#settings.backoff, known.failures, this.#dependencies.random);
  }

  /** The peer asked not to be dialled. */
  postpone(peer: string, forMs: number): void {
    const known = this.#known(peer);
    if (known) known.notBeforeMs = Math.max(known.notBeforeMs, this.#dependencies.clock.steadyMs() + forMs);
  }

  /** One round: dials the peers that are due while connections are missing. */
  async round(signal: AbortSignal): Promise<void> {
    const { connectedCount, outboundCount } = this.#dependencies;
    const { minPeers, minOutbound } = this.#settings;
    const missing = Math.max(minPeers - connectedCount(), minOutbound - outboundCount());
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

  /** Those with fewest failures first; of these bootstrap nodes, then who proved good. */
  #due(): Known[] {
    const { clock, isConnected, isBanned } = this.#dependencies;
    const nowMs = clock.steadyMs();
    const all = [this.#bootstrap, this.#proven, this.#discovered].flatMap(some => [...some].map(([, known]) => known));
    return all
      .filter(
        ({ notBeforeMs, candidate }) =>
          notBeforeMs <= nowMs && !isConnected(candidate.peer) && !isBanned(candidate.peer),
      )
      .toSorted((a, b) => a.failures - b.failures);
  }

  #known(peer: string): Known | undefined {
    return this.#bootstrap.get(peer) ?? this.#proven.peek(peer) ?? this.#discovered.peek(peer);
  }

  #uncount({ group }: Known): void {
    if (group === undefined) return;
    const left = (this.#perAddress.get(group) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(group, left);
    else this.#perAddress.delete(group);
  }
}

/** The address that a candidate counts for; none on loopback, where many nodes share one. */
function groupOf({ addresses }: Candidate): string | undefined {
  const host = /^\/ip[46]\/([^/]+)\//.exec(addresses[0] ?? "")?.[1];
  return host === undefined || isLoopback(host) ? undefined : addressGroup(host);
}
