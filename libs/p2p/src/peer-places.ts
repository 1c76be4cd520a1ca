import type { Clock } from "@sprtn/ports";
import { addressGroup } from "./address-group.js";
import { isLoopback } from "./endpoint.js";

export interface PeerPlacesDependencies {
  readonly clock: Clock;
  /** Whether places are reserved for the peer. */
  readonly isKnown: (peer: string) => boolean;
  /** Peers that this node dialled. */
  readonly outboundCount: () => number;
  /** Sends a peer away whose place another gets. */
  readonly displace: (peer: string) => void;
  /** A known peer of this address is connected no more. */
  readonly onKnownLeft: (group: string) => void;
}

export interface PeerPlacesSettings {
  readonly maxPeers: number;
  /** Of those, places that only peers may have that this node dials. */
  readonly reservedForOutbound: number;
  /** Of the others, places that only known peers may have. */
  readonly reservedForKnown: number;
  /** Connections that one address may have, open and opening; loopback is not an address of one owner. */
  readonly maxPerAddress: number;
  /** What a stranger gets to be of use before its place may go to the next. */
  readonly probationMs: number;
}

interface Place {
  readonly group: string;
  readonly sinceMs: number;
  /** After the handshake. */
  peer?: string;
}

/** Connections of one peer: two, when both dial at once. */
const MAX_PER_PEER = 2;

/**
 * LIMIT-5: who may connect to this node. Some places are always reserved for peers that this node dials and for those
 * that it knows. Strangers share the rest, up to a limit per address; when it is full, one that was useless for a while
 * makes room, of the address that has most.
 */
export class PeerPlaces {
  readonly #dependencies: PeerPlacesDependencies;
  readonly #settings: PeerPlacesSettings;
  /** Inbound, by connection. */
  readonly #places = new Map<object, Place>();

  constructor(dependencies: PeerPlacesDependencies, settings: PeerPlacesSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
  }

  /** Whether a connection from `host` may begin its handshake; if so, {@link leave} must follow when it closes. */
  enter(connection: object, host: string): boolean {
    const group = addressGroup(host);
    if (!isLoopback(host) && this.#ofGroup(group) >= this.#settings.maxPerAddress) return false;
    this.#places.set(connection, { group, sinceMs: this.#dependencies.clock.steadyMs() });
    return true;
  }

  /** Whether the peer that the handshake showed may stay. */
  admit(connection: object, peer: string): boolean {
    const { isKnown, outboundCount, displace } = this.#dependencies;
    const { maxPeers, reservedForOutbound, reservedForKnown } = this.#settings;
    const place = this.#places.get(connection);
    if (!place) return false;
    const inbound = this.#inbound();
    const own = inbound.filter(each => each.peer === peer).length;
    if (own >= MAX_PER_PEER) return false;
    const peers = new Set(inbound.map(each => each.peer as string));
    const room = maxPeers - Math.max(reservedForOutbound, outboundCount());
    const known = isKnown(peer);
    const strangers = [...peers].filter(each => !isKnown(each)).length;
    const full = peers.size >= room || (!known && strangers >= room - reservedForKnown);
    if (own === 0 && full) {
      const idle = this.#idleStranger(inbound);
      if (idle === undefined) return false;
      for (const [key, each] of this.#places) if (each.peer === idle) this.#places.delete(key);
      displace(idle);
    }
    place.peer = peer;
    return true;
  }

  leave(connection: object): void {
    const { isKnown, onKnownLeft } = this.#dependencies;
    const place = this.#places.get(connection);
    this.#places.delete(connection);
    // Loopback is not an address of one owner.
    if (place?.peer !== undefined && !isLoopback(place.group) && isKnown(place.peer)) onKnownLeft(place.group);
  }

  /** Inbound connections that have begun. */
  get size(): number {
    return this.#places.size;
  }

  #inbound(): readonly Place[] {
    return [...this.#places.values()].filter(({ peer }) => peer !== undefined);
  }

  #ofGroup(group: string): number {
    let count = 0;
    for (const place of this.#places.values()) if (place.group === group) count++;
    return count;
  }

  /** The stranger past its probation, of the address that has most places, that has been here longest. */
  #idleStranger(inbound: readonly Place[]): string | undefined {
    const { clock, isKnown } = this.#dependencies;
    const nowMs = clock.steadyMs();
    const idle = inbound.filter(
      ({ peer, sinceMs }) => nowMs - sinceMs >= this.#settings.probationMs && !isKnown(peer as string),
    );
    const [first] = idle.toSorted((a, b) => this.#ofGroup(b.group) - this.#ofGroup(a.group) || a.sinceMs - b.sinceMs);
    return first?.peer;
  }
}

/**
 * How `maxPeers` are shared: a quarter each for peers that the node dials and for known ones. A bootstrap node, which
 * hears no messages and knows nobody by their use, has all its places for strangers, in turn.
 */
export function sharesOf(
  maxPeers: number,
  role: "node" | "bootstrap",
): Pick<PeerPlacesSettings, "reservedForOutbound" | "reservedForKnown"> {
  const quarter = role === "bootstrap" ? 0 : Math.floor(maxPeers / 4);
  return { reservedForOutbound: quarter, reservedForKnown: quarter };
}
