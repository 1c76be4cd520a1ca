import { noise } from "@chainsafe/libp2p-noise";
import { type GossipSub, gossipsub, StrictNoSign } from "@libp2p/gossipsub";
import { identify } from "@libp2p/identify";
import type { Connection, Libp2p, Stream } from "@libp2p/interface";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import type { RequestProtocol } from "@sprtn/ports";
import { createLibp2p } from "libp2p";
import { maxAnswerBytes } from "../answer.js";
import { framedStream } from "../framed-stream.js";
import type { ScoringGossipSub } from "../host.js";
import { messageId, requestProtocolId, topicName } from "../network.js";
import type { P2pNode } from "../p2p-node.js";
import { encodeStatus } from "../status-message.js";
import { NETWORK } from "./local-network.js";

type RawLibp2p = Libp2p<{ pubsub: GossipSub; identify: unknown }>;

/** A peer that need not keep the rules: plain libp2p with every check off. */
export class RawPeer {
  readonly libp2p: RawLibp2p;

  private constructor(libp2p: RawLibp2p) {
    this.libp2p = libp2p;
  }

  /** Answers `status` requests with `status`. */
  static async start(status = encodeStatus(NETWORK)): Promise<RawPeer> {
    const libp2p = await createLibp2p<{ pubsub: GossipSub; identify: unknown }>({
      addresses: { listen: ["/ip4/127.0.0.1/tcp/0"] },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionMonitor: { enabled: false },
      services: {
        identify: identify(),
        pubsub: gossipsub({
          globalSignaturePolicy: StrictNoSign,
          msgIdFn: ({ topic, data }) => messageId(topic, data),
          allowPublishToZeroTopicPeers: true,
          floodPublish: true,
          heartbeatInterval: 100,
        }),
      },
    });
    const peer = new RawPeer(libp2p);
    await peer.answer("status", async stream => {
      const frames = framedStream(stream, 4096);
      await frames.read(AbortSignal.timeout(5_000));
      await frames.write(Uint8Array.of(0, ...status), AbortSignal.timeout(5_000));
    });
    await peer.answer("goodbye", async stream => {
      const frames = framedStream(stream, 4096);
      peer.#heard.resolve(new TextDecoder().decode(await frames.read(AbortSignal.timeout(5_000))));
      await frames.write(Uint8Array.of(0), AbortSignal.timeout(5_000));
    });
    return peer;
  }

  readonly #heard = Promise.withResolvers<string>();

  get id(): string {
    return this.libp2p.peerId.toString();
  }

  /** The code of the first goodbye. */
  get goodbye(): Promise<string> {
    return this.#heard.promise;
  }

  async connect(node: P2pNode): Promise<Connection> {
    return this.libp2p.dial(multiaddr(node.addresses()[0]));
  }

  async answer(protocol: RequestProtocol, handler: (stream: Stream) => Promise<void>): Promise<void> {
    await this.libp2p.handle(requestProtocolId(NETWORK, protocol), handler);
  }

  /** Sends `bytes` as they are on a new stream of `protocol` and returns the framed answer. */
  async ask(
    connection: Connection,
    protocol: RequestProtocol,
    { bytes, end = true }: { readonly bytes: Uint8Array; readonly end?: boolean },
  ): Promise<Uint8Array> {
    const stream = await connection.newStream(requestProtocolId(NETWORK, protocol));
    const frames = framedStream(stream, maxAnswerBytes(1024));
    stream.send(bytes);
    if (end) await stream.close();
    return frames.read(AbortSignal.timeout(10_000));
  }

  publish(data: Uint8Array, topic: "tx" | "block_attestation" = "tx"): Promise<unknown> {
    return this.libp2p.services.pubsub.publish(topicName(NETWORK, topic), data);
  }

  /** Resolves when a node that listens to tx has said so and can be spoken to. */
  async seesSubscriber(): Promise<void> {
    const pubsub = this.libp2p.services.pubsub as ScoringGossipSub;
    const name = topicName(NETWORK, "tx");
    while (!pubsub.getSubscribers(name).some(id => pubsub.streamsOutbound.has(id.toString()))) {
      await new Promise(resolve => pubsub.addEventListener("gossipsub:heartbeat", resolve, { once: true }));
    }
  }

  /** Resolves when no connection is left. */
  async alone(): Promise<void> {
    while (this.libp2p.getConnections().length > 0) {
      await new Promise(resolve => this.libp2p.addEventListener("peer:disconnect", resolve, { once: true }));
    }
  }

  async stop(): Promise<void> {
    await this.libp2p.stop();
  }
}
