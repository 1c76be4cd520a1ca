import type { AnnounceEndpoint, ListenEndpoint } from "./endpoint.js";
import type { NetworkId } from "./network.js";
import type { P2pEnvironment } from "./settings.js";

/** Addresses, peers and identity of a node, and its network. */
export interface P2pSettings {
  readonly network: NetworkId;
  /** A bootstrap node helps others to find each other: discovery and status, no gossip. */
  readonly role: "node" | "bootstrap";
  /** Port 0 takes a free one. */
  readonly tcpListen: ListenEndpoint;
  readonly udpListen: ListenEndpoint;
  /** What peers are told to dial; without a host it is determined by the node. */
  readonly tcpAnnounce?: AnnounceEndpoint | undefined;
  readonly udpAnnounce?: AnnounceEndpoint | undefined;
  /** Ask `queryIp` for the announced host where it is missing. */
  readonly queryForIp: boolean;
  /** Find peers over UDP. */
  readonly discovery: boolean;
  readonly minPeers: number;
  readonly maxPeers: number;
  /** Inbound, of one address; loopback is not counted. */
  readonly maxPeersPerAddress: number;
  /** ENRs, or multiaddrs that end in /p2p/ and a peer id. */
  readonly bootstrapNodes: readonly string[];
  /** secp256k1, hex; without it the identity is generated and kept. */
  readonly privateKeyHex?: string | undefined;
}

/** A node's settings, from what the operator set. P2P_ENABLED is for the caller to look at. */
export function p2pSettingsFrom(
  environment: P2pEnvironment,
  { network, role }: Pick<P2pSettings, "network" | "role">,
): P2pSettings {
  const { enabled: _enabled, peerIdPrivateKey, ...rest } = environment;
  return { ...rest, network, role, privateKeyHex: peerIdPrivateKey?.reveal() };
}
