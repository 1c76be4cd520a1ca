import type { NetworkView } from "@sprtn/node-service";
import { kvIdentityStore, P2pNode, p2pSettingsFrom } from "@sprtn/p2p";
import type { P2pEnvironment } from "@sprtn/p2p/settings";
import type { Gossip, KvStore, PeerInfo, RequestResponse, Service } from "@sprtn/ports";
import type { Deployment } from "@sprtn/protocol";
import { NoNetwork } from "../no-network.js";
import type { NodePorts } from "./node-ports.js";

/** What a network needs of its node. */
export interface OpenNetwork {
  /** Keeps its identity. */
  readonly store: KvStore;
}

/** A node's way to its peers. */
export interface Network {
  readonly gossip: Gossip;
  readonly requests: RequestResponse;
  /** What RPC shows of it. */
  readonly view: NetworkView;
  /** Where others may dial it, once it has started. */
  addresses(): readonly string[];
  /** Absent where there is nothing to start. */
  readonly service?: Service;
}

/** The network's identity, and how the node takes part in it. */
export interface NetworkOptions {
  readonly deployment: Pick<Deployment, "chainId" | "rollupVersion">;
  readonly p2p: P2pEnvironment;
  readonly role: "node" | "bootstrap";
}

/** The network by libp2p; of a node by itself with P2P_ENABLED=false. */
export function assembleNetwork(
  { clock, random, logger, meter }: Pick<NodePorts, "clock" | "random" | "logger" | "meter">,
  { store }: OpenNetwork,
  { deployment, p2p, role }: NetworkOptions,
): Network {
  if (!p2p.enabled) {
    const alone = new NoNetwork();
    return { gossip: alone, requests: alone, view: { enr: () => null, peers: () => [] }, addresses: () => [] };
  }
  const node = new P2pNode(
    { clock, random, logger, meter, identityStore: kvIdentityStore(store) },
    p2pSettingsFrom(p2p, { network: { chainId: deployment.chainId, rollupVersion: deployment.rollupVersion }, role }),
  );
  return { gossip: node, requests: node, view: viewOf(node), addresses: () => node.addresses(), service: node };
}

function viewOf(node: P2pNode): NetworkView {
  return {
    enr: () => node.enr() ?? null,
    peers: () =>
      node
        .peersInfo()
        .map(({ peer, addresses, score, direction, agent }): PeerInfo => ({
          id: peer,
          addresses,
          score,
          direction,
          agent: agent ?? null,
        })),
  };
}
