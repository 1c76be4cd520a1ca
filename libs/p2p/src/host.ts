import { noise } from "@chainsafe/libp2p-noise";
import { type GossipSub, gossipsub, type GossipsubOpts } from "@libp2p/gossipsub";
import { type Identify, identify } from "@libp2p/identify";
import type { Libp2p, PrivateKey } from "@libp2p/interface";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { createLibp2p } from "libp2p";

/** Public members of the gossipsub object that its interface leaves out. */
export interface ScoringGossipSub extends GossipSub {
  /** By peer: to whom it can speak. What is sent to others is lost. */
  readonly streamsOutbound: ReadonlyMap<string, unknown>;
  getScore(peer: string): number;
  getMeshPeers(topic: string): string[];
}

export interface Host {
  readonly libp2p: Libp2p<{ identify: Identify; pubsub?: GossipSub }>;
  /** Absent in a bootstrap node. */
  readonly gossip: ScoringGossipSub | undefined;
}

export interface HostOptions {
  readonly privateKey: PrivateKey;
  readonly agent: string;
  readonly listen: readonly string[];
  readonly announce: readonly string[];
  readonly maxConnections: number;
  /** On loopback all peers share one address: no limit by address. */
  readonly loopback: boolean;
  readonly gossip: Partial<GossipsubOpts> | undefined;
  readonly isBanned: (peer: string) => boolean;
}

/** A libp2p node that does not run yet: TCP, noise, yamux, identify and gossipsub. */
export async function createHost(options: HostOptions): Promise<Host> {
  const { gossip, isBanned } = options;
  const libp2p = await createLibp2p<{ identify: Identify; pubsub?: GossipSub }>({
    start: false,
    privateKey: options.privateKey,
    nodeInfo: { userAgent: options.agent },
    addresses: { listen: [...options.listen], announce: [...options.announce] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: {
      maxConnections: options.maxConnections,
      inboundConnectionThreshold: options.loopback ? 10_000 : 20,
      maxIncomingPendingConnections: options.loopback ? 200 : 20,
      // Dialling, and dialling again, is the dialer's work.
      reconnectRetries: 0,
    },
    // The status exchange tells whether a peer lives.
    connectionMonitor: { enabled: false },
    connectionGater: {
      denyDialPeer: peer => isBanned(peer.toString()),
      denyInboundEncryptedConnection: peer => isBanned(peer.toString()),
    },
    services: { identify: identify(), ...(gossip && { pubsub: gossipsub(gossip) }) },
  });
  return { libp2p, gossip: libp2p.services.pubsub as ScoringGossipSub | undefined };
}
