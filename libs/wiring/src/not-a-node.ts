import { codeOf, detailsOf } from "@sprtn/primitives";
import { RpcErrorCode } from "@sprtn/rpc";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/** What an L1, a web page or another service answers to a question that every node answers. */
const ofOthers: ReadonlySet<string> = new Set([
  RpcErrorCode.UNKNOWN_METHOD,
  RpcErrorCode.BAD_ANSWER,
  RpcErrorCode.INVALID_REQUEST,
  RpcErrorCode.INVALID_PARAMS,
  RpcErrorCode.PARSE_ERROR,
]);

/** NOT_A_NODE if `error` is no node's answer to who it is, with its URL and the setting that gave it; else `error`. */
export function namingNoNode(error: unknown, setting: string): unknown {
  if (!ofOthers.has(codeOf(error))) return error;
  const { url } = detailsOf(error) as { readonly url?: string };
  return new WiringError(
    WiringErrorCode.NOT_A_NODE,
    `what answers at ${url} is no node of this release (${codeOf(error)}): give ${setting} the RPC URL of one`,
    { url, setting },
    { cause: error },
  );
}
