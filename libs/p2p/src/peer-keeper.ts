import type { Connection, Libp2p } from "@libp2p/interface";
import type { Clock, Logger } from "@sprtn/ports";
import type { ScoringGossipSub } from "./host.js";
import type { PeerBook } from "./peer-book.js";
import type { PeerGate } from "./peer-gate.js";
import { EXPELLED_AT } from "./peer-scores.js";

/** A status older than this is asked for again; that also shows whether the peer lives. */
const STATUS_EVERY_MS = 60_000;
/** What a new connection gets to exchange statuses and to open its gossip streams. */
const SETTLING_MS = 15_000;
const GOSSIP_PROTOCOL = "/meshsub/";

export interface PeerKeeperDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly libp2p: Libp2p;
  readonly book: PeerBook;
  readonly gate: PeerGate;
  readonly scoreOf: (peer: string) => number;
  readonly hangUp: (peer: string) => Promise<void>;
  /** Absent in a bootstrap node. */
  readonly gossip: ScoringGossipSub | undefined;
}

/** Looks after connections: expels low scores, refreshes statuses, drops what is connected but of no use. */
export class PeerKeeper {
  readonly #dependencies: PeerKeeperDependencies;

  constructor(dependencies: PeerKeeperDependencies) {
    this.#dependencies = dependencies;
  }

  async round(): Promise<void> {
    const { libp2p } = this.#dependencies;
    const byPeer = Map.groupBy(libp2p.getConnections(), connection => connection.remotePeer.toString());
    await Promise.all([...byPeer].map(([peer, connections]) => this.#look(peer, connections)));
    await this.#forgetGone();
  }

  /**
   * LIMIT-30: libp2p would keep what it noted of each peer for six hours, of whoever connected once or did not answer.
   * Whom to dial, this package knows by itself.
   */
  async #forgetGone(): Promise<void> {
    const { libp2p } = this.#dependencies;
    for (const { id } of await libp2p.peerStore.all())
      if (libp2p.getConnections(id).length === 0) await libp2p.peerStore.delete(id);
  }

  async #look(peer: string, connections: readonly Connection[]): Promise<void> {
    const { book, clock, gate, hangUp, logger, scoreOf } = this.#dependencies;
    const entry = book.get(peer);
    if (!entry) return;
    const nowMs = clock.steadyMs();
    const settled = nowMs - entry.connectedAtMs > SETTLING_MS;
    if (scoreOf(peer) <= EXPELLED_AT) await gate.expel(peer, "P2P_LOW_SCORE");
    else if (!entry.accepted && settled && !entry.asking) await hangUp(peer);
    else if (settled && (await this.#lostGossip(peer, connections))) {
      // After a frame that is too large or a full buffer; gossipsub never takes such a peer back on the same
      // connection.
      logger.debug("gossip stream lost: hanging up", { peer });
      await hangUp(peer);
    } else if (entry.accepted && nowMs - entry.accepted.atMs > STATUS_EVERY_MS) await gate.check(peer);
  }

  /**
   * Whether gossipsub no longer hears the peer (it took it off its list) or no longer speaks to it (its stream was
   * reset).
   */
  async #lostGossip(peer: string, connections: readonly Connection[]): Promise<boolean> {
    const { libp2p, gossip } = this.#dependencies;
    const [first] = connections;
    if (!first || !gossip) return false;
    const { protocols } = await libp2p.peerStore.get(first.remotePeer);
    if (!protocols.some(protocol => protocol.startsWith(GOSSIP_PROTOCOL))) return false;
    const heard = gossip.getPeers().some(id => id.toString() === peer);
    return !heard || !gossip.streamsOutbound.has(peer);
  }
}
