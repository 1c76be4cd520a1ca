import type { Meter, RequestProtocol, Topic, ValidationResult } from "@sprtn/ports";

export type P2pMetrics = ReturnType<typeof createP2pMetrics>;

/** What this library counts. Labels come from small, fixed sets: never a peer, never a code from the network. */
export function createP2pMetrics(meter: Meter) {
  const messages = meter.counter({
    name: "sprtn_p2p_gossip_messages_total",
    help: "Gossip messages received, once each, by verdict",
    labels: ["topic", "verdict"],
  });
  const gossipBytes = meter.counter({
    name: "sprtn_p2p_gossip_bytes_total",
    help: "Bytes of gossip messages, without duplicates and framing",
    labels: ["topic", "direction"],
  });
  const published = meter.counter({
    name: "sprtn_p2p_gossip_published_total",
    help: "Gossip messages published by this node",
    labels: ["topic"],
  });
  const notRelayed = meter.counter({
    name: "sprtn_p2p_gossip_not_relayed_total",
    help: "Gossip messages that were accepted but not relayed, because peers accept no more from one node",
    labels: ["topic"],
  });
  const mesh = meter.gauge({
    name: "sprtn_p2p_gossip_mesh_peers",
    help: "Peers in the mesh of a topic",
    labels: ["topic"],
  });
  const peers = meter.gauge({
    name: "sprtn_p2p_peers",
    help: "Connected peers whose network was checked, by direction",
    labels: ["direction"],
  });
  const penalties = meter.counter({
    name: "sprtn_p2p_peer_penalty_points_total",
    help: "Score points deducted from peers",
  });
  const expelled = meter.counter({
    name: "sprtn_p2p_peers_expelled_total",
    help: "Peers disconnected and banned for their score or network",
  });
  const requests = meter.counter({
    name: "sprtn_p2p_requests_total",
    help: "Requests by protocol, side and outcome",
    labels: ["protocol", "side", "outcome"],
  });
  const requestSeconds = meter.histogram({
    name: "sprtn_p2p_request_seconds",
    help: "Time until a request is answered, measured by the requester",
    labels: ["protocol"],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 20],
  });
  const requestBytes = meter.counter({
    name: "sprtn_p2p_request_bytes_total",
    help: "Bytes of requests and answers",
    labels: ["protocol", "direction"],
  });
  return {
    received(topic: Topic, verdict: ValidationResult["result"], bytes: number): void {
      messages.add(1, { topic, verdict });
      gossipBytes.add(bytes, { topic, direction: "in" });
    },
    published(topic: Topic, bytes: number): void {
      published.add(1, { topic });
      gossipBytes.add(bytes, { topic, direction: "out" });
    },
    notRelayed: (topic: Topic) => notRelayed.add(1, { topic }),
    mesh: (topic: Topic, size: number) => mesh.set(size, { topic }),
    peers(inbound: number, outbound: number): void {
      peers.set(inbound, { direction: "inbound" });
      peers.set(outbound, { direction: "outbound" });
    },
    penalized: (points: number) => penalties.add(points),
    expelled: () => expelled.add(1),
    /** `outcome` is "ok" or one of this library's own codes. */
    request: (protocol: RequestProtocol, side: "client" | "server", outcome: string) =>
      requests.add(1, { protocol, side, outcome }),
    requestTook: (protocol: RequestProtocol, ms: number) => requestSeconds.observe(ms / 1000, { protocol }),
    requestBytes: (protocol: RequestProtocol, direction: "in" | "out", bytes: number) =>
      requestBytes.add(bytes, { protocol, direction }),
  };
}
