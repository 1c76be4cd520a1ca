import { CodedError } from "@sprtn/primitives";

/** Why a node does not start, and why a request to a peer has no answer. */
export enum P2pErrorCode {
  /** The peer did not answer in time. */
  TIMEOUT = "P2P_TIMEOUT",
  /** The peer answered with an error: `remoteCode` is its code. */
  REFUSED = "P2P_REFUSED",
  TOO_LARGE = "P2P_TOO_LARGE",
  PEER_GONE = "P2P_PEER_GONE",
  RATE_LIMITED = "P2P_RATE_LIMITED",
  MALFORMED = "P2P_MALFORMED",
  ABORTED = "P2P_ABORTED",
  /** All places for strangers are taken, and another waits for the one that this peer made no use of. */
  NO_PLACE = "P2P_NO_PLACE",
  /** The peer reads what it is sent more slowly than it is kept for it. */
  TOO_SLOW = "P2P_TOO_SLOW",
  OTHER_NETWORK = "P2P_OTHER_NETWORK",
  NOT_STARTED = "P2P_NOT_STARTED",
  ALREADY_STARTED = "P2P_ALREADY_STARTED",
  ALREADY_SUBSCRIBED = "P2P_ALREADY_SUBSCRIBED",
  ALREADY_SERVED = "P2P_ALREADY_SERVED",
  PORT_TAKEN = "P2P_PORT_TAKEN",
  START_FAILED = "P2P_START_FAILED",
  BAD_ADDRESS = "P2P_BAD_ADDRESS",
  BAD_BOOTSTRAP_NODE = "P2P_BAD_BOOTSTRAP_NODE",
  BAD_KEY = "P2P_BAD_KEY",
  DIAL_FAILED = "P2P_DIAL_FAILED",
}

/** The peer, protocol, topic or value that the error is about. */
export interface P2pErrorPayload {
  readonly peer?: string;
  readonly protocol?: string;
  readonly remoteCode?: string;
  readonly topic?: string;
  readonly limitBytes?: number;
  readonly value?: string;
}

export class P2pError extends CodedError<P2pErrorCode, P2pErrorPayload> {}
