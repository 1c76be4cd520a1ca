import type { Clock } from "@sprtn/ports";
import { LruMap } from "@sprtn/runtime";

export interface KnownPeersSettings {
  /** Peers remembered for what they did; bootstrap nodes come on top. */
  readonly maxPeers: number;
  /** How long a peer is known after it was last of use. */
  readonly rememberMs: number;
}

/** Of a node. */
export const KNOWN_PEERS: KnownPeersSettings = { maxPeers: 256, rememberMs: 60 * 60_000 };

/**
 * LIMIT-6: peers that have places reserved: bootstrap nodes, those that this node chose and found right, and those that
 * were the first to send it a message worth relaying, as a validator is with its own. The one that was of use
 * longest ago is forgotten first.
 */
export class KnownPeers {
  readonly #clock: Clock;
  readonly #settings: KnownPeersSettings;
  readonly #bootstrap = new Set<string>();
  readonly #useful: LruMap<string, number>;
  readonly #addresses: LruMap<string, number>;

  constructor(dependencies: { readonly clock: Clock }, settings: KnownPeersSettings) {
    this.#clock = dependencies.clock;
    this.#settings = settings;
    this.#useful = new LruMap(settings.maxPeers);
    this.#addresses = new LruMap(settings.maxPeers);
  }

  addBootstrap(peer: string): void {
    this.#bootstrap.add(peer);
  }

  /** The peer was useful just now. */
  note(peer: string): void {
    this.#useful.set(peer, this.#clock.steadyMs());
  }

  has(peer: string): boolean {
    return this.#bootstrap.has(peer) || this.#isFresh(this.#useful.peek(peer));
  }

  /** A known peer at this address left just now. */
  noteAddress(group: string): void {
    this.#addresses.set(group, this.#clock.steadyMs());
  }

  hasAddress(group: string): boolean {
    return this.#isFresh(this.#addresses.peek(group));
  }

  #isFresh(atMs: number | undefined): boolean {
    return atMs !== undefined && this.#clock.steadyMs() - atMs <= this.#settings.rememberMs;
  }
}
