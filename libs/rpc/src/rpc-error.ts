import { CodedError } from "@sprtn/primitives";

/** What can go wrong between client and server; a method's own errors keep their own codes. */
export enum RpcErrorCode {
  /** Numbers of JSON-RPC 2.0 have these names too. */
  PARSE_ERROR = "RPC_PARSE_ERROR",
  INVALID_REQUEST = "RPC_INVALID_REQUEST",
  UNKNOWN_METHOD = "RPC_UNKNOWN_METHOD",
  INVALID_PARAMS = "RPC_INVALID_PARAMS",
  INTERNAL = "RPC_INTERNAL",
  TOO_LARGE = "RPC_TOO_LARGE",
  ANSWER_TOO_LARGE = "RPC_ANSWER_TOO_LARGE",
  WRONG_CONTENT_TYPE = "RPC_WRONG_CONTENT_TYPE",
  NOT_FOUND = "RPC_NOT_FOUND",
  RATE_LIMITED = "RPC_RATE_LIMITED",
  BUSY = "RPC_BUSY",
  TOO_MANY_VIEWERS = "RPC_TOO_MANY_VIEWERS",
  BUDGET_SPENT = "RPC_BUDGET_SPENT",
  WRONG_HOST = "RPC_WRONG_HOST",
  WRONG_ORIGIN = "RPC_WRONG_ORIGIN",
  UNAUTHORIZED = "RPC_UNAUTHORIZED",
  TIMEOUT = "RPC_TIMEOUT",
  PORT_TAKEN = "RPC_PORT_TAKEN",
  BIND_FAILED = "RPC_BIND_FAILED",
  DUPLICATE_METHOD = "RPC_DUPLICATE_METHOD",
  ALREADY_STARTED = "RPC_ALREADY_STARTED",
  NOT_STARTED = "RPC_NOT_STARTED",
  /** The client's own: a URL at which it can ask nobody. */
  BAD_URL = "RPC_BAD_URL",
  /** The client's own. */
  UNREACHABLE = "RPC_UNREACHABLE",
  /** The client's own: the node may have carried the call out. */
  NO_ANSWER = "RPC_NO_ANSWER",
  BAD_ANSWER = "RPC_BAD_ANSWER",
  NO_HASHER = "RPC_NO_HASHER",
}

/** What the error is about: a method, an address, a bound. */
export interface RpcErrorPayload {
  readonly method?: string;
  readonly url?: string;
  readonly port?: number;
  readonly status?: number;
  /** The node may have carried the call out all the same (`MayHaveRun` of the ports). */
  readonly mayHaveRun?: true;
}

/** Codes of calls whose answer was lost, or was given up: by the client, or by the node itself. */
const withoutAnswer: ReadonlySet<string> = new Set([
  RpcErrorCode.TIMEOUT,
  RpcErrorCode.NO_ANSWER,
  RpcErrorCode.BAD_ANSWER,
]);

/** What the payload of an error with this code says of whether the call was carried out. */
export function uncertainty(code: string): Pick<RpcErrorPayload, "mayHaveRun"> {
  return withoutAnswer.has(code) ? { mayHaveRun: true } : {};
}

/** Trouble of the transport or of the request. What the method itself answered with is a {@link RemoteError}. */
export class RpcError extends CodedError<RpcErrorCode, RpcErrorPayload> {}

/** What a node answered with: `code` is the node's own. */
export class RemoteError extends CodedError<string, RpcErrorPayload> {}
