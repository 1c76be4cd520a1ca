import type { Topic } from "@sprtn/ports";
import type { FairQueueSettings } from "./fair-queue.js";

export interface TopicLimits {
  /** Larger messages are rejected before a handler sees them. */
  readonly maxBytes: number;
  /** What one peer may send, in messages. Above it messages are ignored and cost a little score. */
  readonly burst: number;
  readonly messagesPerSecond: number;
  /**
   * What this node passes on, of all peers' messages and its own, in messages: less than what a peer takes from it, so
   * that no one pays for others' floods. Absent where fewer can be valid.
   */
  readonly relay?: { readonly burst: number; readonly perSecond: number };
  /** Judged before messages that are not. */
  readonly urgent: boolean;
}

const KiB = 1024;

/** Rates are what one peer may relay, far above what a network of 128 validators sends at 10 TPS. */
export const TOPIC_LIMITS: Readonly<Record<Topic, TopicLimits>> = {
  tx: { maxBytes: 64 * KiB, burst: 1000, messagesPerSecond: 200, relay: { burst: 400, perSecond: 80 }, urgent: false },
  block_proposal: { maxBytes: 256 * KiB, burst: 20, messagesPerSecond: 5, urgent: true },
  block_attestation: { maxBytes: KiB, burst: 512, messagesPerSecond: 128, urgent: true },
  epoch_proof_quote: { maxBytes: KiB, burst: 64, messagesPerSecond: 16, urgent: false },
};

/** Messages that are judged and that wait, of a node. */
export const GOSSIP_QUEUE: FairQueueSettings = {
  maxRunning: 64,
  reservedForUrgent: 16,
  maxWaiting: 2_048,
  maxPerPeer: 256,
};
