import type { NetworkView } from "@sprtn/node-service";
import { P2pNode } from "@sprtn/p2p";
import type { Gossip, PeerInfo } from "@sprtn/ports";

/** What RPC tells of a node's peers; nothing of a node by itself. */
export function networkView(gossip: Gossip): NetworkView {
  const node = gossip instanceof P2pNode ? gossip : undefined;
  return {
    enr: () => node?.enr() ?? null,
    peers: (): readonly PeerInfo[] =>
      node
        ?.peersInfo()
        .map(({ peer, addresses, score, direction, agent }) => ({
          id: peer,
          addresses,
          score,
          direction,
          agent: agent ?? null,
        })) ?? [],
  };
}
