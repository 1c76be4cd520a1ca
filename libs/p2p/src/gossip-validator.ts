import { codeOf, messageOf } from "@sprtn/primitives";
import type { Clock, GossipHandler, Logger, Topic, ValidationResult } from "@sprtn/ports";
import { RateLimiter } from "@sprtn/runtime";
import { FairQueue, type FairQueueSettings } from "./fair-queue.js";
import type { TopicLimits } from "./gossip-limits.js";
import { TOPICS } from "./network.js";
import type { P2pMetrics } from "./p2p-metrics.js";
import { P2pError, P2pErrorCode } from "./p2p-error.js";
import { PENALTY } from "./peer-scores.js";

const ALL_PEERS = "";
const BANNED: ValidationResult = { result: "ignore", code: "P2P_BANNED" };

export interface GossipValidatorDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: P2pMetrics;
  readonly penalize: (peer: string, points: number, code: string) => void;
  /** Whether the peer is being sent away: what it had sent until then is not looked at. */
  readonly isBanned: (peer: string) => boolean;
  /** Called with the peer that was first to send a relayed message. */
  readonly onAccepted: (peer: string) => void;
}

export interface GossipValidatorSettings {
  readonly topics: Readonly<Record<Topic, TopicLimits>>;
  readonly queue: FairQueueSettings;
  /** Peers whose rates are remembered. */
  readonly maxPeers: number;
}

/**
 * Judges what arrives by gossip, cheapest check first: size, the peer's rate, room in the queue, the topic's handler.
 */
export class GossipValidator {
  readonly #dependencies: GossipValidatorDependencies;
  readonly #settings: GossipValidatorSettings;
  readonly #handlers = new Map<Topic, GossipHandler>();
  readonly #rates: ReadonlyMap<Topic, RateLimiter>;
  /** What is passed on, by topic. */
  readonly #relays = new Map<Topic, RateLimiter>();
  readonly #queue: FairQueue;

  constructor(dependencies: GossipValidatorDependencies, settings: GossipValidatorSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#queue = new FairQueue(settings.queue);
    for (const topic of TOPICS) {
      const { relay } = settings.topics[topic];
      if (relay === undefined) continue;
      const limit = { burst: relay.burst, tokensPerSecond: relay.perSecond, maxKeys: 1 };
      this.#relays.set(topic, new RateLimiter(dependencies, limit));
    }
    this.#rates = new Map(
      TOPICS.map(topic => {
        const { burst, messagesPerSecond } = settings.topics[topic];
        return [
          topic,
          new RateLimiter(dependencies, { burst, tokensPerSecond: messagesPerSecond, maxKeys: settings.maxPeers }),
        ];
      }),
    );
  }

  get topics(): readonly Topic[] {
    return [...this.#handlers.keys()];
  }

  /** @throws ALREADY_SUBSCRIBED: one handler decides about a topic */
  setHandler(topic: Topic, handler: GossipHandler): void {
    if (this.#handlers.has(topic))
      throw new P2pError(P2pErrorCode.ALREADY_SUBSCRIBED, `${topic} already has a handler: combine the two into one`, {
        topic,
      });
    this.#handlers.set(topic, handler);
  }

  /**
   * LIMIT-2: whether one more message of `topic` may be passed on now. A peer that were sent more would take the rest
   * for a flood of this node's.
   */
  mayRelay(topic: Topic): boolean {
    return this.#relays.get(topic)?.tryTake(ALL_PEERS) ?? true;
  }

  /** Never rejects. */
  async validate(topic: Topic, data: Uint8Array, from: string): Promise<ValidationResult> {
    const verdict = await this.#verdict(topic, data, from);
    const { metrics, logger } = this.#dependencies;
    metrics.received(topic, verdict.result, data.length);
    if (verdict.result === "accept") {
      this.#dependencies.onAccepted(from);
      if (this.mayRelay(topic)) return verdict;
      metrics.notRelayed(topic);
      return { result: "ignore", code: "P2P_RELAY_FULL" };
    }
    logger.debug("gossip message not accepted", {
      topic,
      verdict: verdict.result,
      code: verdict.code,
      peer: from,
      bytes: data.length,
    });
    return verdict;
  }

  async #verdict(topic: Topic, data: Uint8Array, from: string): Promise<ValidationResult> {
    const limits = this.#settings.topics[topic];
    if (this.#dependencies.isBanned(from)) return BANNED;
    if (data.length > limits.maxBytes) return this.#rejected(from, P2pErrorCode.TOO_LARGE);
    if (!this.#rates.get(topic)?.tryTake(from)) {
      this.#dependencies.penalize(from, PENALTY.excess, P2pErrorCode.RATE_LIMITED);
      return { result: "ignore", code: P2pErrorCode.RATE_LIMITED };
    }
    const handler = this.#handlers.get(topic);
    if (!handler) return { result: "ignore", code: "P2P_NO_HANDLER" };
    try {
      const verdict = await this.#queue.run(from, limits.urgent, () => this.#judge(handler, data, from));
      return verdict ?? { result: "ignore", code: "P2P_BUSY" };
    } catch (error) {
      this.#dependencies.logger.verbose("gossip handler failed: message ignored", {
        topic,
        code: codeOf(error),
        error: messageOf(error),
      });
      return { result: "ignore", code: codeOf(error) };
    }
  }

  /**
   * The sender may have been banned while the message waited, and pays before the next of its messages is looked at.
   */
  async #judge(handler: GossipHandler, data: Uint8Array, from: string): Promise<ValidationResult> {
    if (this.#dependencies.isBanned(from)) return BANNED;
    const verdict = await handler({ data, from });
    if (verdict.result === "reject") return this.#rejected(from, verdict.code);
    if (verdict.result === "ignore" && verdict.penalty)
      this.#dependencies.penalize(from, PENALTY[verdict.penalty], verdict.code);
    return verdict;
  }

  #rejected(from: string, code: string): ValidationResult {
    this.#dependencies.penalize(from, PENALTY.reject, code);
    return { result: "reject", code };
  }
}
