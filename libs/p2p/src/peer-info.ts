import type { Direction } from "./peer-book.js";

/** A peer as operators see it (node_getPeers). */
export interface PeerInfo {
  readonly peer: string;
  /** Multiaddrs of its open connections. */
  readonly addresses: readonly string[];
  /** Who dialled. */
  readonly direction: Direction;
  readonly score: number;
  /** What the peer says it runs; unknown until it identifies itself. */
  readonly agent: string | undefined;
  /** Whether it has shown that it belongs to this network. */
  readonly accepted: boolean;
}

/**
 * `accepted`: the peer belongs to this network. `left`: a peer's last connection closed, accepted or not. `topics`: a
 * peer's subscriptions changed.
 */
export interface PeerEvent {
  readonly type: "accepted" | "left" | "topics";
  readonly peer: string;
  readonly direction: Direction;
}
