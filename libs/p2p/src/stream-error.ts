import { messageOf } from "@sprtn/primitives";
import { RuntimeError, RuntimeErrorCode } from "@sprtn/runtime";
import { P2pError, P2pErrorCode, type P2pErrorPayload } from "./p2p-error.js";

/** By name, because several copies of libp2p's packages may be loaded. */
const codeByName: Readonly<Record<string, P2pErrorCode>> = {
  InvalidDataLengthError: P2pErrorCode.TOO_LARGE,
  InvalidDataLengthLengthError: P2pErrorCode.TOO_LARGE,
  StreamBufferError: P2pErrorCode.TOO_LARGE,
  InvalidMessageLengthError: P2pErrorCode.MALFORMED,
  // A peer that crashes ends its streams in the middle of a message: that is not a fault.
  UnexpectedEOFError: P2pErrorCode.PEER_GONE,
  UnsupportedProtocolError: P2pErrorCode.OTHER_NETWORK,
  TooManyOutboundProtocolStreamsError: P2pErrorCode.RATE_LIMITED,
};

const advice: Partial<Record<P2pErrorCode, string>> = {
  [P2pErrorCode.TOO_LARGE]: "sent more bytes than this protocol allows",
  [P2pErrorCode.MALFORMED]: "sent a message that cannot be decoded",
  [P2pErrorCode.OTHER_NETWORK]: "does not speak this network's protocol",
  [P2pErrorCode.RATE_LIMITED]: "has too many open requests from this node: ask another peer or wait",
  [P2pErrorCode.TIMEOUT]: "did not answer in time: ask another peer",
  [P2pErrorCode.ABORTED]: "was not waited for: the request was aborted",
  [P2pErrorCode.PEER_GONE]: "has disconnected: ask another peer",
};

/** What went wrong on a stream, as this library's error. */
export function streamError(error: unknown, payload: P2pErrorPayload & { readonly peer: string }): P2pError {
  if (error instanceof P2pError) return error;
  const code = codeOfStreamError(error);
  return new P2pError(code, `peer ${payload.peer} ${advice[code]} (${messageOf(error)})`, payload, { cause: error });
}

function codeOfStreamError(error: unknown): P2pErrorCode {
  if (error instanceof RuntimeError) {
    if (error.code === RuntimeErrorCode.TIMEOUT) return P2pErrorCode.TIMEOUT;
    if (error.code === RuntimeErrorCode.ABORTED) return P2pErrorCode.ABORTED;
  }
  return codeByName[error instanceof Error ? error.name : ""] ?? P2pErrorCode.PEER_GONE;
}
