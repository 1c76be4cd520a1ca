/** Topics of the gossip; the deployment's chain id and version are part of the name on the wire. */
export type Topic = "tx" | "block_proposal" | "block_attestation" | "epoch_proof_quote";

/**
 * What a handler thinks of a message: `ignore` drops it, `reject` also costs its sender score, and a little each other
 * peer that sent it. `code` says why. What is ignored may have a `penalty`, which its sender alone pays.
 */
export type ValidationResult =
  | { readonly result: "accept" }
  | { readonly result: "ignore"; readonly code: string; readonly penalty?: "mild" }
  | { readonly result: "reject"; readonly code: string };

/** A message as it came, and the peer that it came from. */
export interface GossipMessage {
  readonly data: Uint8Array;
  readonly from: string;
}

/** Judges a message before it is passed on. It runs once for each distinct message; a throw counts as `ignore`. */
export type GossipHandler = (message: GossipMessage) => Promise<ValidationResult> | ValidationResult;

/** Messages to all peers of the deployment, on four topics. */
export interface Gossip {
  subscribe(topic: Topic, handler: GossipHandler): void;
  /**
   * Resolves when the message has been handed to the network, with how many peers it went to: 0 means that no peer has
   * heard it, and that it may be published again. One's own messages do not come back to one's handler.
   */
  publish(topic: Topic, data: Uint8Array): Promise<number>;
}
