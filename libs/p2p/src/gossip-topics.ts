import { TopicValidatorResult } from "@libp2p/gossipsub";
import { plainBytes } from "@sprtn/primitives";
import type { Logger, Topic } from "@sprtn/ports";
import { MAX_TOTAL_BACKLOG_BYTES, slowestReaders } from "./gossip-backlog.js";
import type { GossipValidator } from "./gossip-validator.js";
import type { ScoringGossipSub } from "./host.js";
import { type NetworkId, topicName } from "./network.js";
import { P2pError, P2pErrorCode } from "./p2p-error.js";
import type { P2pMetrics } from "./p2p-metrics.js";
import type { PartingLog } from "./parting-log.js";

/** What hears of messages, and gossipsub itself: absent before the start, and in a bootstrap node. */
export interface GossipTopicsDependencies {
  readonly logger: Logger;
  readonly partings: PartingLog;
  readonly metrics: P2pMetrics;
  readonly gossipValidator: GossipValidator;
  readonly gossip: () => ScoringGossipSub | undefined;
}

const resultFor = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
};

/** The topics that a node hears, and the peers that hear them with it. */
export class GossipTopics {
  readonly #dependencies: GossipTopicsDependencies;
  readonly #network: NetworkId;

  constructor(dependencies: GossipTopicsDependencies, settings: { readonly network: NetworkId }) {
    this.#dependencies = dependencies;
    this.#network = settings.network;
  }

  /** Hears every topic that has a handler by now. */
  joinAll(): void {
    for (const topic of this.#dependencies.gossipValidator.topics) this.join(topic);
  }

  /** Starts to hear `topic`; without effect before the start, which joins all. */
  join(topic: Topic): void {
    const gossip = this.#dependencies.gossip();
    if (!gossip) return;
    const { gossipValidator } = this.#dependencies;
    const name = topicName(this.#network, topic);
    gossip.topicValidators.set(
      name,
      async (from, { data }) =>
        resultFor[(await gossipValidator.validate(topic, plainBytes(data), from.toString())).result],
    );
    gossip.subscribe(name);
  }

  /** Peers that listen to `topic` and can be spoken to. */
  subscribers(topic: Topic): readonly string[] {
    const gossip = this.#dependencies.gossip();
    const ids = gossip?.getSubscribers(topicName(this.#network, topic)) ?? [];
    return ids.map(id => id.toString()).filter(peer => gossip?.streamsOutbound.has(peer));
  }

  /** Brings the gauges of meshes up to date. */
  measure(): void {
    const { gossip, gossipValidator, metrics } = this.#dependencies;
    for (const topic of gossipValidator.topics)
      metrics.mesh(topic, gossip()?.getMeshPeers(topicName(this.#network, topic)).length ?? 0);
  }

  /**
   * Gives up the streams of the slowest readers; the peer keeper then disconnects the peers that lost their streams.
   */
  shedBacklog(): void {
    const streams = this.#dependencies.gossip()?.streamsOutbound ?? new Map();
    for (const [peer, { rawStream }] of slowestReaders(streams, MAX_TOTAL_BACKLOG_BYTES)) {
      const error = new P2pError(P2pErrorCode.TOO_SLOW, `${peer} reads its messages too slowly`, { peer });
      this.#dependencies.logger.debug("gossip stream abandoned", { peer, bytes: rawStream.writeBufferLength });
      this.#dependencies.partings.parted(peer, error.code);
      rawStream.abort(error);
    }
  }
}
