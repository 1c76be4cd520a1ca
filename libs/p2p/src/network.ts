import { createHash } from "node:crypto";
import type { RequestProtocol, Topic } from "@sprtn/ports";

/** Which deployment a node belongs to; part of every topic and protocol name, so that networks do not mix. */
export interface NetworkId {
  readonly chainId: bigint;
  readonly rollupVersion: bigint;
}

/** Every topic of gossip. */
export const TOPICS: readonly Topic[] = ["tx", "block_proposal", "block_attestation", "epoch_proof_quote"];
/** Every protocol that peers serve each other. */
export const REQUEST_PROTOCOLS: readonly RequestProtocol[] = ["status", "ping", "goodbye", "txs"];

/**
 * Of what travels between nodes: it rises whenever bytes, or what their signatures cover, change their meaning. It is
 * part of every topic, protocol and record, so that nodes of two versions never meet rather than judge each other.
 */
const WIRE_VERSION = 2;

const networkName = ({ chainId, rollupVersion }: NetworkId) => `/sprtn/${WIRE_VERSION}/${chainId}/${rollupVersion}`;

/** The topic's name on the wire, which holds the deployment's chain id and version. */
export function topicName(network: NetworkId, topic: Topic): string {
  return `${networkName(network)}/${topic}`;
}

/** The protocol's name on the wire, which holds the deployment's chain id and version. */
export function requestProtocolId(network: NetworkId, protocol: RequestProtocol): string {
  return `${networkName(network)}/req/${protocol}`;
}

/** 8 bytes in a node's ENR under the key `sprtn`: a discovered node of another network is not even dialled. */
export function networkDigest(network: NetworkId): Uint8Array {
  return new Uint8Array(createHash("sha256").update(networkName(network)).digest().subarray(0, 8));
}

/** Gossip message id: sha256 of the topic's name, a zero byte and the data. Equal content travels once. */
export function messageId(topic: string, data: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(topic).update(Uint8Array.of(0)).update(data).digest());
}
