import type { FastifyReply } from "fastify";
import { CallError, CODED_ERROR, errorObject, errorText, INTERNAL_ERROR, INVALID_REQUEST } from "../json-rpc.js";
import { RpcErrorCode } from "../rpc-error.js";
import { sendPieces } from "./send-pieces.js";

/** A request that is refused as a whole: HTTP's status, and the error that its body carries. */
export interface Refusal {
  readonly status: number;
  readonly error: CallError;
  /** For the header of this name. */
  readonly retryAfterSeconds?: number;
}

const refusal = (
  [status, number]: readonly [status: number, number: number],
  code: RpcErrorCode,
  text: string,
): Refusal => ({ status, error: new CallError(number, code, text) });

export const refusals = {
  wrongHost: () =>
    refusal(
      [421, INVALID_REQUEST],
      RpcErrorCode.WRONG_HOST,
      "this server does not accept the name in the request's Host header: use an address that it listens on, or " +
        "add the name to RPC_ALLOWED_HOSTS",
    ),
  wrongOrigin: () =>
    refusal(
      [403, INVALID_REQUEST],
      RpcErrorCode.WRONG_ORIGIN,
      "web pages of this origin may not call this server: to allow them, add the origin to RPC_CORS_ORIGINS",
    ),
  ambiguous: (what: string) =>
    refusal([400, INVALID_REQUEST], RpcErrorCode.INVALID_REQUEST, `not a request that has one meaning: ${what}`),
  tooLarge: (maxBytes: number) =>
    refusal(
      [413, INVALID_REQUEST],
      RpcErrorCode.TOO_LARGE,
      `the body has more than ${maxBytes} bytes: send less at once`,
    ),
  wrongContentType: () =>
    refusal(
      [415, INVALID_REQUEST],
      RpcErrorCode.WRONG_CONTENT_TYPE,
      "send content-type: application/json, in UTF-8, and without a content-encoding",
    ),
  tooSlow: () =>
    refusal(
      [408, INVALID_REQUEST],
      RpcErrorCode.INVALID_REQUEST,
      "the request took too long to arrive: send it faster, or in smaller parts",
    ),
  headersTooLarge: () =>
    refusal(
      [431, INVALID_REQUEST],
      RpcErrorCode.TOO_LARGE,
      "the request's headers are too large: send fewer or shorter ones",
    ),
  notUnderstood: (status: number) =>
    refusal([status, INVALID_REQUEST], RpcErrorCode.INVALID_REQUEST, "not a request that this server understands"),
  rateLimited: (waitMs: number): Refusal => ({
    ...refusal(
      [429, CODED_ERROR],
      RpcErrorCode.RATE_LIMITED,
      `this address has requested too much work: wait ${Math.ceil(waitMs)} ms`,
    ),
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  }),
  busy: () =>
    refusal([503, CODED_ERROR], RpcErrorCode.BUSY, "too many requests are waiting: try again in a few seconds"),
  tooManyViewers: () =>
    refusal(
      [503, CODED_ERROR],
      RpcErrorCode.TOO_MANY_VIEWERS,
      "as many pages follow this node as it can tell: close one, or call the JSON-RPC server",
    ),
  internal: () => refusal([500, INTERNAL_ERROR], RpcErrorCode.INTERNAL, "internal error: see the node's log"),
};

/** As JSON-RPC answers what it cannot tell the call of. */
export function sendError(reply: FastifyReply, { status, error, retryAfterSeconds }: Refusal): FastifyReply {
  if (retryAfterSeconds !== undefined) reply.header("retry-after", retryAfterSeconds);
  return sendPieces(reply.code(status), [Buffer.from(errorText(null, errorObject(error)))]);
}
