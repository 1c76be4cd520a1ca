import type { Clock, Logger, Random } from "@sprtn/ports";
import type { BanList } from "./ban-list.js";
import { addressGroup } from "./address-group.js";
import { Dialer, type DialerDependencies } from "./dialer.js";
import { HandshakePace } from "./handshake-pace.js";
import type { KnownPeers } from "./known-peers.js";
import type { BootstrapNodes } from "./node-record.js";
import type { P2pSettings } from "./p2p-settings.js";
import type { PeerBook } from "./peer-book.js";
import { PeerPlaces, sharesOf } from "./peer-places.js";

export interface ConnectionPolicyDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly known: KnownPeers;
  readonly bans: BanList;
  readonly book: PeerBook;
  /** The share of its time that the thread works, 0 to 1. */
  readonly load: () => number;
}

const PROBATION_MS = 60_000;
/**
 * A connection costs up to 40 ms of the thread, on a slow machine, until it is open and told apart. Five seconds of
 * waiting: libp2p gives a connection ten until it is open.
 */
const HANDSHAKES = {
  burst: 4,
  perSecond: 8,
  busyPerSecond: 0.5,
  calmLoad: 0.5,
  busyLoad: 0.8,
  maxWaiting: 40,
  maxWaitMs: 5_000,
};
const DIALER = {
  maxDialsAtOnce: 4,
  maxCandidates: 1_000,
  backoff: { firstDelayMs: 2_000, maxDelayMs: 5 * 60_000 },
  maxFailures: 6,
};

/** Whom a node takes and whom it seeks: the two sides of one count of connections. */
export class ConnectionPolicy {
  readonly #dependencies: ConnectionPolicyDependencies;
  readonly #settings: P2pSettings;

  constructor(dependencies: ConnectionPolicyDependencies, settings: P2pSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
  }

  /** @param displace sends a peer away whose place another gets */
  places(displace: (peer: string) => void): PeerPlaces {
    const { clock, known, book } = this.#dependencies;
    const { maxPeers, role, maxPeersPerAddress } = this.#settings;
    return new PeerPlaces(
      {
        clock,
        isKnown: peer => known.has(peer),
        outboundCount: () => book.outbound,
        displace,
        onKnownLeft: group => known.noteAddress(group),
      },
      { maxPeers, maxPerAddress: maxPeersPerAddress, probationMs: PROBATION_MS, ...sharesOf(maxPeers, role) },
    );
  }

  /** How fast those who connect get their handshake. */
  pace(): HandshakePace {
    const { clock, known, load } = this.#dependencies;
    return new HandshakePace({ clock, load, isWelcome: host => known.hasAddress(addressGroup(host)) }, HANDSHAKES);
  }

  dialer(
    { candidates }: BootstrapNodes,
    { self, dial }: Pick<DialerDependencies, "dial"> & { readonly self: string },
  ): Dialer {
    const { bans, known, book } = this.#dependencies;
    const { minPeers, maxPeers, maxPeersPerAddress, role } = this.#settings;
    const dialer = new Dialer(
      {
        ...this.#dependencies,
        dial,
        connectedCount: () => book.size,
        outboundCount: () => book.outbound,
        isConnected: peer => book.get(peer) !== undefined,
        isBanned: peer => bans.reasonOf(peer) !== undefined,
      },
      {
        ...DIALER,
        self,
        minPeers: Math.min(minPeers, maxPeers),
        minOutbound: Math.min(minPeers, sharesOf(maxPeers, role).reservedForOutbound),
        maxPerAddress: maxPeersPerAddress,
      },
    );
    for (const candidate of candidates) {
      dialer.add(candidate, true);
      known.addBootstrap(candidate.peer);
    }
    return dialer;
  }
}
