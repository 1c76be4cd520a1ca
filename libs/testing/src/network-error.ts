import { CodedError } from "@sprtn/primitives";

/** What a network in memory refuses: a name that is taken, a member that left, a peer that is out of reach. */
export enum NetworkErrorCode {
  /** Two members of one name, or two handlers for one topic or protocol. */
  TAKEN = "NETWORK_TAKEN",
  /** The peer left, is cut off, or was never there. */
  PEER_GONE = "NETWORK_PEER_GONE",
  /** The peer does not serve the protocol, or its handler threw; the payload holds the handler's code. */
  REFUSED = "NETWORK_REFUSED",
  /** The request or its answer was dropped. */
  TIMEOUT = "NETWORK_TIMEOUT",
}

export class NetworkError extends CodedError<NetworkErrorCode, { readonly peer?: string; readonly code?: string }> {}
