import type { GossipsubOpts } from "@libp2p/gossipsub";
import { StrictNoSign } from "@libp2p/gossipsub";
import { MAX_BACKLOG_BYTES } from "./gossip-backlog.js";
import { messageId, type NetworkId, topicName, TOPICS } from "./network.js";
import { EXPELLED_AT } from "./peer-scores.js";

/** LIMIT-37, of one gossip frame: a frame may carry many messages that a peer asked for. */
const MAX_FRAME_BYTES = 8 * 1024 * 1024;

/**
 * Proposals, not transactions: one that a neighbour sends too costs less than telling all of them each time that it is
 * here, which doubles what a flood costs.
 */
const IDONTWANT_FROM_BYTES = 32 * 1024;

const DECAY_INTERVAL_MS = 1_000;
const DECAYED_TO_ZERO = 0.01;

/** The factor by which a counter shrinks at each decay so as to vanish after `seconds`. */
function decayOver(seconds: number): number {
  return DECAYED_TO_ZERO ** (DECAY_INTERVAL_MS / 1000 / seconds);
}

/**
 * Good behaviour is worth 0 to 13 points a topic, faults cost far more. Delivery quotas stay off: networks may be
 * silent for minutes.
 */
const topicScore = {
  topicWeight: 1,
  timeInMeshWeight: 0.01,
  timeInMeshQuantum: 1_000,
  timeInMeshCap: 300,
  firstMessageDeliveriesWeight: 0.5,
  firstMessageDeliveriesDecay: decayOver(300),
  firstMessageDeliveriesCap: 20,
  meshMessageDeliveriesWeight: 0,
  meshMessageDeliveriesDecay: 0.5,
  meshMessageDeliveriesCap: 1,
  meshMessageDeliveriesThreshold: 1,
  meshMessageDeliveriesWindow: 10,
  meshMessageDeliveriesActivation: 5_000,
  meshFailurePenaltyWeight: 0,
  meshFailurePenaltyDecay: 0.5,
  // Also for copies that others sent of a message that was then rejected, and for signed messages.
  invalidMessageDeliveriesWeight: -1,
  invalidMessageDeliveriesDecay: decayOver(600),
};

export interface GossipParameters {
  readonly network: NetworkId;
  /** On loopback every peer has one IP address, which is then no sign of one owner. */
  readonly loopback: boolean;
  readonly maxPeersPerAddress: number;
  readonly ownScore: (peer: string) => number;
}

/** Gossipsub's options for 4 to 48 nodes. */
export function gossipOptions({
  network,
  loopback,
  maxPeersPerAddress,
  ownScore,
}: GossipParameters): Partial<GossipsubOpts> {
  const names = TOPICS.map(topic => topicName(network, topic));
  return {
    globalSignaturePolicy: StrictNoSign,
    msgIdFn: message => messageId(message.topic, message.data),
    allowedTopics: names,
    fallbackToFloodsub: false,
    // One's own messages go to every peer: one hop for a proposal.
    floodPublish: true,
    doPX: false,
    emitSelf: false,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    heartbeatInterval: 700,
    D: 6,
    Dlo: 4,
    Dhi: 10,
    Dscore: 4,
    Dout: 2,
    Dlazy: 6,
    mcacheLength: 6,
    mcacheGossip: 3,
    // LIMIT-3: handlers know repetitions themselves; what is remembered here grows with whatever peers send.
    seenTTL: 60_000,
    maxInboundDataLength: MAX_FRAME_BYTES,
    maxOutboundBufferSize: MAX_BACKLOG_BYTES,
    maxTopicBytesPerPeer: 16 * 1024,
    idontwantMinDataSize: IDONTWANT_FROM_BYTES,
    // LIMIT-37.
    decodeRpcLimits: {
      maxSubscriptions: 64,
      maxMessages: 2_000,
      // What gossipsub itself sends at most.
      maxIhaveMessageIDs: 5_000,
      maxIwantMessageIDs: 5_000,
      maxIdontwantMessageIDs: 512,
      maxControlMessages: 600,
      maxPeerInfos: 16,
    },
    scoreParams: {
      topics: Object.fromEntries(names.map(name => [name, topicScore])),
      topicScoreCap: 50,
      appSpecificScore: ownScore,
      appSpecificWeight: 1,
      IPColocationFactorWeight: loopback ? 0 : -5,
      IPColocationFactorThreshold: maxPeersPerAddress,
      IPColocationFactorWhitelist: new Set(["127.0.0.1", "::1"]),
      behaviourPenaltyWeight: -1,
      behaviourPenaltyThreshold: 6,
      behaviourPenaltyDecay: decayOver(600),
      decayInterval: DECAY_INTERVAL_MS,
      decayToZero: DECAYED_TO_ZERO,
      retainScore: 600_000,
    },
    scoreThresholds: {
      gossipThreshold: 0.4 * EXPELLED_AT,
      publishThreshold: 0.6 * EXPELLED_AT,
      graylistThreshold: 0.8 * EXPELLED_AT,
      // Peers offered by others are never taken: discovery finds them.
      acceptPXThreshold: 10_000,
      opportunisticGraftThreshold: 1,
    },
  };
}
