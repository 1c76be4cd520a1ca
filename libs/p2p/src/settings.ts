export type { AnnounceEndpoint, ListenEndpoint } from "./endpoint.js";
import { boolean, defineSettings, integer, list, type Parser, type SettingsOf, text } from "@sprtn/settings";
import { type AnnounceEndpoint, formatEndpoint, type ListenEndpoint, readEndpoint } from "./endpoint.js";

const listenAddress: Parser<ListenEndpoint> = {
  expected: "IP:PORT to listen on, 0.0.0.0 for every interface",
  read(value) {
    const endpoint = readEndpoint(value);
    return endpoint?.host === undefined ? undefined : { host: endpoint.host, port: endpoint.port };
  },
  format: formatEndpoint,
};

const announceAddress: Parser<AnnounceEndpoint> = {
  expected: "IP:PORT at which others reach this node, or :PORT if the node should determine the IP",
  read: readEndpoint,
  format: formatEndpoint,
};

const secp256k1Key: Parser<string> = {
  expected: "a secp256k1 key: 64 hex digits",
  read: value => (/^(0x)?[0-9a-fA-F]{64}$/.test(value) ? value.toLowerCase() : undefined),
};

/** Where a node listens, what it announces, how many peers it has. */
export const p2pSettings = defineSettings({
  enabled: { env: "P2P_ENABLED", parse: boolean, default: true, description: "Take part in the peer-to-peer network" },
  discovery: {
    env: "P2P_DISCOVERY",
    parse: boolean,
    default: true,
    description: "Find peers over UDP (discv5); if false, only BOOTSTRAP_NODES are dialled",
  },
  tcpListen: {
    env: "P2P_TCP_LISTEN_ADDR",
    parse: listenAddress,
    default: { host: "0.0.0.0", port: 40_400 },
    description: "Address on which connections from peers are accepted",
  },
  udpListen: {
    env: "P2P_UDP_LISTEN_ADDR",
    parse: listenAddress,
    default: { host: "0.0.0.0", port: 40_400 },
    description: "Address on which discovery listens",
  },
  tcpAnnounce: {
    env: "P2P_TCP_ANNOUNCE_ADDR",
    parse: announceAddress,
    default: undefined,
    defaultText: "what peers see",
    description: "Address that peers are told to connect to",
  },
  udpAnnounce: {
    env: "P2P_UDP_ANNOUNCE_ADDR",
    parse: announceAddress,
    default: undefined,
    defaultText: "what peers see",
    description: "Address that peers are told to use for discovery",
  },
  queryForIp: {
    env: "P2P_QUERY_FOR_IP",
    parse: boolean,
    default: false,
    description: "Ask an Internet service for this node's IP if only :PORT is announced",
  },
  minPeers: {
    env: "P2P_MIN_PEERS",
    parse: integer({ min: 0, max: 1_000 }),
    default: 8,
    description: "Connections that the node aims for",
  },
  maxPeers: {
    env: "P2P_MAX_PEERS",
    parse: integer({ min: 1, max: 1_000 }),
    default: 50,
    description:
      "Most peers; a quarter of the places are reserved for peers that this node dials, a quarter for known ones",
  },
  maxPeersPerAddress: {
    env: "P2P_MAX_PEERS_PER_ADDRESS",
    parse: integer({ min: 1, max: 1_000 }),
    default: 10,
    description: "Most connections from one IP address (IPv6: from one /64); loopback is exempt",
  },
  bootstrapNodes: {
    env: "BOOTSTRAP_NODES",
    parse: list(text("an ENR or a multiaddr")),
    default: [],
    description: "Nodes to connect to first: ENRs, or multiaddrs that end in /p2p/ and a peer id",
  },
  peerIdPrivateKey: {
    env: "PEER_ID_PRIVATE_KEY",
    parse: secp256k1Key,
    secret: true,
    default: undefined,
    defaultText: "generated at the first start, and kept",
    description: "Private key of this node's identity on the peer-to-peer network",
  },
});

/** What {@link p2pSettings} are read into; `p2pSettingsFrom` makes a node's settings of it. */
export type P2pEnvironment = SettingsOf<typeof p2pSettings>;
