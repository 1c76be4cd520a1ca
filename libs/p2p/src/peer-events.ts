import type { PeerId } from "@libp2p/interface";
import type { Host, ScoringGossipSub } from "./host.js";
import type { PeerBook } from "./peer-book.js";
import type { PeerEvent } from "./peer-info.js";

/** What is informed of changes to connections. */
export interface PeerEventsDependencies {
  readonly book: PeerBook;
  readonly emit: (event: PeerEvent) => void;
  /** There is a connection: the peer must show which network it belongs to. */
  readonly onConnected: (peer: string) => void;
  /** A peer's last connection closed; `accepted` if it had shown that it belongs here. */
  readonly onLeft: (peer: string, accepted: boolean) => void;
}

/** Turns what libp2p and gossipsub tell into the peer book's entries and this package's events. */
export class PeerEvents {
  readonly #dependencies: PeerEventsDependencies;
  #spokenTo = new Set<string>();

  constructor(dependencies: PeerEventsDependencies) {
    this.#dependencies = dependencies;
  }

  /** To be called before the host starts. */
  watch({ libp2p, gossip }: Host): void {
    const { book } = this.#dependencies;
    libp2p.addEventListener("peer:connect", ({ detail }) => this.#onConnect(libp2p, detail));
    libp2p.addEventListener("peer:disconnect", ({ detail }) => this.#onDisconnect(detail.toString()));
    libp2p.addEventListener("peer:identify", ({ detail }) => {
      const entry = book.get(detail.peerId.toString());
      if (entry && detail.agentVersion !== undefined) entry.agent = detail.agentVersion;
    });
    gossip?.addEventListener("subscription-change", ({ detail }) => this.#topicsChanged(detail.peerId.toString()));
    gossip?.addEventListener("gossipsub:heartbeat", () => this.#noteStreams(gossip));
  }

  #onConnect(libp2p: Host["libp2p"], id: PeerId): void {
    const peer = id.toString();
    const direction = libp2p.getConnections(id)[0]?.direction ?? "inbound";
    this.#dependencies.book.connected(peer, direction);
    this.#dependencies.onConnected(peer);
  }

  #onDisconnect(peer: string): void {
    const entry = this.#dependencies.book.disconnected(peer);
    // A peer that comes back before the next heartbeat is treated as new.
    this.#spokenTo.delete(peer);
    if (!entry) return;
    this.#dependencies.onLeft(peer, entry.accepted !== undefined);
    this.#dependencies.emit({ type: "left", peer, direction: entry.direction });
  }

  #topicsChanged(peer: string): void {
    const entry = this.#dependencies.book.get(peer);
    if (entry) this.#dependencies.emit({ type: "topics", peer, direction: entry.direction });
  }

  /** Gossipsub does not tell when it can speak to a peer, which may be after the peer's subscriptions came. */
  #noteStreams({ streamsOutbound }: ScoringGossipSub): void {
    const before = this.#spokenTo;
    this.#spokenTo = new Set(streamsOutbound.keys());
    for (const peer of this.#spokenTo) if (!before.has(peer)) this.#topicsChanged(peer);
  }
}
