import { malformedResult } from "./malformed-result.js";

/** A result, or an error of JSON-RPC: nothing else, and not both. */
type AnswerBody =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string; readonly data?: unknown } };

/** What an HTTP answer to a JSON-RPC request amounts to. */
export type Answer =
  /** A result, or an error of L1 itself: a revert, a refused transaction, an unknown method. */
  | { readonly kind: "answered"; readonly body: AnswerBody }
  /** The caller asks too often. */
  | { readonly kind: "rate-limited"; readonly what: string; readonly retryAfterMs: number | undefined }
  /** The logs of fewer blocks may be had. */
  | { readonly kind: "range-too-large"; readonly what: string }
  /** What a working endpoint never says: a page, half of an answer, a result that the method cannot have. */
  | { readonly kind: "bad"; readonly what: string }
  /** The endpoint, or a server before it, says that it does not work. */
  | { readonly kind: "failed"; readonly what: string };

export interface HttpAnswer {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
  /** For a Retry-After that names a date. */
  readonly nowMs: number;
}

const TOO_MANY_REQUESTS = 429;
const TOO_LARGE = 413;
/** Request time-out, gateway time-out, and Cloudflare's. */
const TIMED_OUT: readonly number[] = [408, 504, 524];
/** Endpoints answer with these what is wrong with the request. */
const OF_THE_REQUEST: readonly number[] = [400, 404, 405, 422];

/** EIP-1474 "limit exceeded", which stands for large ranges as well. */
const LIMIT_EXCEEDED = -32005;
/** Rate limits as providers number them, in answers of HTTP 200. */
const RATE_CODES: readonly number[] = [LIMIT_EXCEEDED, -32007, -32016, -32029, -32090, -32097];

const anyOf = (...patterns: readonly RegExp[]) => new RegExp(patterns.map(({ source }) => source).join("|"), "i");
const rangeText = anyOf(
  /query returned more than|more than \d+ (results|logs|blocks)|too many (blocks|logs|results)|please limit/,
  /block.?range|range.{0,30}(too (large|wide|big)|exceed|limit|maximum)|(exceed|limit|maximum|max).{0,40}range/,
  /response (size|is too (big|large))|(query|request|execution) (timeout|timed out)|timed out|deadline exceeded/,
);
const rateText = anyOf(
  /too many requests|rate.?limit|request (rate|count|limit)|requests? (per|a) (second|minute|day)/,
  /quota|throttl|compute units|try again (in|later)/,
);
const limitText = /(?<!gas )limit exceeded/i;

/**
 * Classifies what came back. Providers say the same things in different ways: in the HTTP status, in the code of a
 * JSON-RPC error with status 200, in the text alone.
 */
export function classifyAnswer(answer: HttpAnswer): Answer {
  const { method, status, text } = answer;
  const isLogs = method === "eth_getLogs";
  const body = parsed(text);
  const error = errorOf(body);
  const what = error?.message ?? `answered with HTTP ${status}${body ? "" : " and no JSON-RPC"}`;
  const rateLimited = (): Answer => ({ kind: "rate-limited", what, retryAfterMs: retryAfterOf(answer, error) });
  if (status === TOO_MANY_REQUESTS) return rateLimited();
  if (isLogs && (status === TOO_LARGE || TIMED_OUT.includes(status))) return { kind: "range-too-large", what };
  if (error && !error.hasData) {
    if (isLogs && rangeText.test(error.message)) return { kind: "range-too-large", what };
    // What a pool says about a transaction is never a limit on requests, whatever words it uses.
    const speaks = method !== "eth_sendRawTransaction" && (rateText.test(what) || (!isLogs && limitText.test(what)));
    if (speaks || (RATE_CODES.includes(error.code) && !(isLogs && error.code === LIMIT_EXCEEDED))) return rateLimited();
    // Endpoints limit ranges and results differently, and say so in words only: fewer blocks may do. A server that says
    // that it failed has, if it does not speak of the range.
    if (isLogs && status < 500) return { kind: "range-too-large", what };
  }
  const isOk = status >= 200 && status < 300;
  if (!body) return { kind: isOk ? "bad" : "failed", what };
  if (!isOk && !OF_THE_REQUEST.includes(status)) return { kind: "failed", what };
  const { params } = answer;
  if (error?.isMalformed) return { kind: "bad", what: `answered ${method} with an error that is none of JSON-RPC` };
  if (error) {
    const { code, message, data } = error;
    return { kind: "answered", body: { error: { code, message, ...(data === undefined ? {} : { data }) } } };
  }
  const { result } = body;
  const found = malformedResult(method, params, result);
  return found === undefined
    ? { kind: "answered", body: { result } }
    : { kind: "bad", what: `answered ${method} with a malformed result: ${found}` };
}

interface RpcErrorObject {
  readonly code: number;
  readonly message: string;
  /** It has no text. */
  readonly isMalformed: boolean;
  /** Of a revert. */
  readonly hasData: boolean;
  readonly data: unknown;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const fits = typeof body === "object" && body !== null && ("result" in body || "error" in body);
    return fits ? (body as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function errorOf(body: Readonly<Record<string, unknown>> | undefined): RpcErrorObject | undefined {
  const error = body?.["error"];
  if (error === undefined || error === null) return undefined;
  const isText = typeof error === "string";
  if (typeof error !== "object" || Array.isArray(error)) {
    const message = isText ? error : "an error that is no object";
    return { code: 0, message, isMalformed: !isText, hasData: false, data: undefined };
  }
  const { code, message, data } = error as Readonly<Record<string, unknown>>;
  return {
    code: typeof code === "number" ? code : 0,
    message: typeof message === "string" ? message : "an error without a message",
    isMalformed: typeof message !== "string",
    hasData: typeof data === "string" && /^0x[0-9a-f]+$/i.test(data),
    data,
  };
}

/** From the header, seconds or a date, or from where Infura puts it. */
function retryAfterOf({ retryAfter, nowMs }: HttpAnswer, error: RpcErrorObject | undefined): number | undefined {
  const { rate } = (error?.data ?? {}) as { readonly rate?: { readonly backoff_seconds?: unknown } };
  const seconds = retryAfter === null ? Number(rate?.backoff_seconds) : Number(retryAfter);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000;
  const at = retryAfter === null ? Number.NaN : Date.parse(retryAfter);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
