import type { P2pMetrics } from "./p2p-metrics.js";
import type { Host } from "./host.js";
import type { PeerBook } from "./peer-book.js";
import type { PeerInfo } from "./peer-info.js";
import type { PeerScores } from "./peer-scores.js";

export interface PeerViewsDependencies {
  readonly book: PeerBook;
  readonly scores: PeerScores;
  readonly metrics: P2pMetrics;
  /** Absent before the node has started. */
  readonly host: () => Host | undefined;
}

/** The connected peers as stations, operators and metrics see them. */
export class PeerViews {
  readonly #dependencies: PeerViewsDependencies;

  constructor(dependencies: PeerViewsDependencies) {
    this.#dependencies = dependencies;
  }

  scoreOf(peer: string): number {
    const own = this.#dependencies.scores.scoreOf(peer);
    // Gossipsub's figure includes the own one, but may be a heartbeat old.
    return Math.min(this.#dependencies.host()?.gossip?.getScore(peer) ?? 0, own === 0 ? Number.POSITIVE_INFINITY : own);
  }

  /** Best score first. */
  accepted(): readonly string[] {
    const accepted = this.#dependencies.book.all().filter(entry => entry.accepted);
    const scored = accepted.map(({ peer }) => ({ peer, score: this.scoreOf(peer) }));
    return scored.toSorted((a, b) => b.score - a.score).map(({ peer }) => peer);
  }

  all(): readonly PeerInfo[] {
    const { book, host } = this.#dependencies;
    const connections = Map.groupBy(host()?.libp2p.getConnections() ?? [], connection =>
      connection.remotePeer.toString(),
    );
    return book
      .all()
      .map(({ peer, direction, agent, accepted }) => ({
        peer,
        addresses: (connections.get(peer) ?? []).map(({ remoteAddr }) => remoteAddr.toString()),
        direction,
        score: this.scoreOf(peer),
        agent,
        accepted: accepted !== undefined,
      }));
  }

  /** Brings the gauge up to date. */
  count(): void {
    const { book, metrics } = this.#dependencies;
    const accepted = book.all().filter(entry => entry.accepted);
    const inbound = accepted.filter(({ direction }) => direction === "inbound").length;
    metrics.peers(inbound, accepted.length - inbound);
  }
}
