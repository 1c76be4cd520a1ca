import { CodedError } from "@sprtn/primitives";
import { RpcErrorCode } from "./rpc-error.js";

/** The envelope of JSON-RPC 2.0. */
export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;
/** An error with its own code in `data.code`. */
export const CODED_ERROR = -32000;

export type JsonRpcId = string | number | null;

export interface JsonRpcCall {
  /** `undefined` for a notification, which is not answered. */
  readonly id: JsonRpcId | undefined;
  readonly method: string;
  readonly params: readonly unknown[] | Readonly<Record<string, unknown>>;
}

export interface JsonRpcError {
  readonly code: number;
  readonly message: string;
  readonly data: { readonly code: string };
}

/** An error as an answer carries it; what is thrown at the dispatcher to become one. */
export class CallError extends CodedError {
  constructor(
    readonly number: number,
    code: string,
    message: string,
  ) {
    super(code, message);
  }
}

export function errorObject(error: {
  readonly number: number;
  readonly code: string;
  readonly message: string;
}): JsonRpcError {
  return { code: error.number, message: error.message, data: { code: error.code } };
}

/** The answer to a call; `result` is JSON already. */
export function resultPieces(id: JsonRpcId, result: readonly Buffer[]): readonly Buffer[] {
  return [Buffer.from(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`), ...result, CLOSE];
}

const CLOSE = Buffer.from("}");

export function errorText(id: JsonRpcId, error: JsonRpcError): string {
  return JSON.stringify({ jsonrpc: "2.0", id, error });
}

export function isId(value: unknown): value is JsonRpcId {
  return value === null || typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
}

/** One call of a request. @throws CallError −32600 */
export function parseCall(value: unknown): JsonRpcCall {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid("a call must be an object");
  const { jsonrpc, id, method, params = [] } = value as Record<string, unknown>;
  if (jsonrpc !== "2.0") throw invalid('"jsonrpc" must be "2.0"');
  if (typeof method !== "string" || method.length > 100) throw invalid('"method" must be a method\'s name');
  if (typeof params !== "object" || params === null) throw invalid('"params" must be an array or an object');
  if (!Object.hasOwn(value, "id")) return { id: undefined, method, params: params as JsonRpcCall["params"] };
  if (!isId(id)) throw invalid('"id" must be a string, a number or null');
  return { id, method, params: params as JsonRpcCall["params"] };
}

export function invalid(what: string): CallError {
  return new CallError(INVALID_REQUEST, RpcErrorCode.INVALID_REQUEST, `not a JSON-RPC 2.0 request: ${what}`);
}
