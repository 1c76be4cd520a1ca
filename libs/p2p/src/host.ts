import { noise } from "@chainsafe/libp2p-noise";
import { type GossipSub, gossipsub, type GossipsubOpts } from "@libp2p/gossipsub";
import { type Identify, identify } from "@libp2p/identify";
import type { Libp2p, MultiaddrConnection, PrivateKey } from "@libp2p/interface";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { createLibp2p } from "libp2p";
import type { OutboundGossip } from "./gossip-backlog.js";
import type { HandshakePace } from "./handshake-pace.js";
import type { PeerPlaces } from "./peer-places.js";

/** Public members of the gossipsub object that its interface leaves out. */
export interface ScoringGossipSub extends GossipSub {
  /** By peer: to whom it can speak. What is sent to others is lost. */
  readonly streamsOutbound: ReadonlyMap<string, OutboundGossip>;
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
  readonly maxPeers: number;
  readonly places: PeerPlaces;
  readonly pace: HandshakePace;
  readonly loopback: boolean;
  readonly gossip: Partial<GossipsubOpts> | undefined;
  readonly isBanned: (peer: string) => boolean;
}

/** Connections in their handshake. LIMIT-29 keeps them below it: there libp2p would refuse without knowing whom. */
const MAX_OPENING = 256;

function hostOf({ remoteAddr }: MultiaddrConnection): string {
  return remoteAddr.getComponents().find(({ name }) => name === "ip4" || name === "ip6")?.value ?? "";
}

/** Counts an inbound connection from its first moment to its end. */
function enter(places: PeerPlaces, connection: MultiaddrConnection): boolean {
  if (!places.enter(connection, hostOf(connection))) return false;
  connection.addEventListener("close", () => places.leave(connection), { once: true });
  // It may have closed before.
  if (connection.status === "open") return true;
  places.leave(connection);
  return false;
}

/** Whether it is still open when its turn for a handshake comes, if it does. */
async function hasTurn(pace: HandshakePace, connection: MultiaddrConnection): Promise<boolean> {
  const closed = new AbortController();
  connection.addEventListener("close", () => closed.abort(), { once: true });
  try {
    return await pace.turn(hostOf(connection), closed.signal);
  } catch (error) {
    if (closed.signal.aborted) return false;
    throw error;
  }
}

/** A libp2p node that does not run yet: TCP, noise, yamux, identify and gossipsub. */
export async function createHost(options: HostOptions): Promise<Host> {
  const { gossip, isBanned, places, pace } = options;
  const libp2p = await createLibp2p<{ identify: Identify; pubsub?: GossipSub }>({
    start: false,
    privateKey: options.privateKey,
    nodeInfo: { userAgent: options.agent },
    addresses: { listen: [...options.listen], announce: [...options.announce] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: {
      // The places decide; libp2p would refuse, and cut, without knowing whom. A peer may have two connections.
      maxConnections: 2 * options.maxPeers + MAX_OPENING,
      maxIncomingPendingConnections: MAX_OPENING,
      // A second, of one address; on loopback all peers share one.
      inboundConnectionThreshold: options.loopback ? 10_000 : 20,
      // Dialling, and dialling again, is the dialer's work.
      reconnectRetries: 0,
    },
    // The status exchange tells whether a peer lives.
    connectionMonitor: { enabled: false },
    connectionGater: {
      denyDialPeer: peer => isBanned(peer.toString()),
      denyInboundConnection: async connection => !(enter(places, connection) && (await hasTurn(pace, connection))),
      denyInboundEncryptedConnection: (peer, connection) =>
        isBanned(peer.toString()) || !places.admit(connection, peer.toString()),
    },
    services: { identify: identify(), ...(gossip && { pubsub: gossipsub(gossip) }) },
  });
  return { libp2p, gossip: libp2p.services.pubsub as ScoringGossipSub | undefined };
}
