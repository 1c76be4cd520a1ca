import { expect } from "chai";
import type { GossipSub } from "@libp2p/gossipsub";
import { type OutboundGossip, slowestReaders } from "./gossip-backlog.js";
import { topicName } from "./network.js";
import { acceptedPeers, LocalNetwork, NETWORK, parted, subscribed } from "./test/local-network.js";
import { RawPeer } from "./test/raw-peer.js";

const KiB = 1024;
/** The specification's figure. */
const MAX_BACKLOG_BYTES = 8 * 1024 * KiB;
/** Heartbeats that a node gets to hang up, in those of a raw peer. */
const PATIENCE = 200;

const stream = (writeBufferLength: number): OutboundGossip => ({ rawStream: { writeBufferLength, abort: () => {} } });

describe("LIMIT-26: gossip that waits for slow readers", () => {
  const network = new LocalNetwork();
  const raws: RawPeer[] = [];

  afterEach(async () => {
    await Promise.all(raws.splice(0).map(peer => peer.stop()));
    await network.stop();
  });

  it("is given up for the slowest ones first, and only as far as it has to be", () => {
    const streams = new Map([
      ["slow", stream(30)],
      ["honest", stream(2)],
      ["slower", stream(40)],
      ["slowest", stream(50)],
    ]);
    const names = (maxBytes: number) => slowestReaders(streams, maxBytes).map(([peer]) => peer);
    expect(names(122)).to.deep.equal([]);
    expect(names(121)).to.deep.equal(["slowest"]);
    expect(names(40)).to.deep.equal(["slowest", "slower"]);
    expect(names(2)).to.deep.equal(["slowest", "slower", "slow"]);
  });

  it("peers that take nothing lose theirs when all of it is too much, below the bound of each", async () => {
    const { node } = await network.started();
    node.subscribe("tx", () => ({ result: "accept" }));
    const slow = await Promise.all(Array.from({ length: 8 }, () => RawPeer.start()));
    raws.push(...slow);
    for (const peer of slow) {
      peer.libp2p.services.pubsub.subscribe(topicName(NETWORK, "tx"));
      await peer.connect(node);
    }
    await acceptedPeers(node, slow.length);
    await subscribed(node, "tx", slow.length);
    for (const peer of slow) stopReading(peer.libp2p.services.pubsub, node.peerId);
    let gone = 0;
    for (const { id } of slow) void parted(node, id).then(() => gone++);
    const isAnyGone = () => gone > 0;
    // Seven of the eight MiB of each, twice as much as all may have.
    for (let i = 0; i < 7 * 16; i++)
      await node.publish(
        "tx",
        Uint8Array.from({ length: 64 * KiB }, () => i),
      );
    const [{ libp2p }] = slow as [RawPeer];
    for (let beats = 0; beats < PATIENCE && !isAnyGone(); beats++)
      await new Promise(resolve =>
        libp2p.services.pubsub.addEventListener("gossipsub:heartbeat", resolve, { once: true }),
      );
    expect(node.subscribers("tx").length).to.be.within(1, slow.length - 1);
  });

  it("a peer that takes nothing loses its stream at the bound; the others hear everything", async () => {
    const { node } = await network.started();
    node.subscribe("tx", () => ({ result: "accept" }));
    const { node: honest } = await network.started({ bootstrapNodes: node.addresses().slice(0, 1) });
    const count = Math.ceil((2 * MAX_BACKLOG_BYTES) / (64 * KiB));
    let heard = Promise.withResolvers<void>();
    honest.subscribe("tx", () => {
      heard.resolve();
      return { result: "ignore", code: "TEST" };
    });
    const slow = await RawPeer.start();
    raws.push(slow);
    slow.libp2p.services.pubsub.subscribe(topicName(NETWORK, "tx"));
    await slow.connect(node);
    await acceptedPeers(node, 2);
    await subscribed(node, "tx", 2);
    stopReading(slow.libp2p.services.pubsub, node.peerId);
    const seen: number[] = [];
    for (let i = 0; i < count; i++) {
      heard = Promise.withResolvers<void>();
      await node.publish(
        "tx",
        Uint8Array.from({ length: 64 * KiB }, (_, at) => (at < 2 ? i >> (8 * at) : 7)),
      );
      await heard.promise;
      seen.push(node.subscribers("tx").includes(slow.id) ? 1 : 0);
    }
    const lost = seen.indexOf(0);
    expect(lost * 64 * KiB, "bytes that were kept for it").to.be.within(MAX_BACKLOG_BYTES / 2, 1.2 * MAX_BACKLOG_BYTES);
    expect(node.subscribers("tx")).to.include(honest.peerId);
  });
});

/** It accepts no more gossip from `peer`. */
function stopReading(pubsub: GossipSub, peer: string): void {
  const { streamsInbound } = pubsub as unknown as {
    readonly streamsInbound: ReadonlyMap<string, { readonly rawStream: { pause(): void } }>;
  };
  streamsInbound.get(peer)?.rawStream.pause();
}
