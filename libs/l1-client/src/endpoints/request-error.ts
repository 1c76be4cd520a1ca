import { CodedError, messageOf } from "@sprtn/primitives";
import { isError } from "ethers";
import { revertError, revertOf } from "../contracts/revert.js";
import { L1Error, L1ErrorCode } from "../l1-error.js";

/** What a node said, out of the places in which ethers keeps it; `undefined` if it was no JSON-RPC error. */
export function rpcMessageOf(error: unknown): string | undefined {
  const { error: direct, info } = error as { error?: { message?: unknown }; info?: { error?: { message?: unknown } } };
  const message = direct?.message ?? info?.error?.message;
  return typeof message === "string" ? message : undefined;
}

/** One line about an error, without what ethers adds to it: whole transactions, calldata of 100 KB. */
export function shortTextOf(error: unknown): string {
  const { shortMessage } = error as { shortMessage?: unknown };
  return rpcMessageOf(error) ?? (typeof shortMessage === "string" ? shortMessage : messageOf(error));
}

/**
 * An error of a request as a coded one: REVERTED for a contract's refusal, else REQUEST_FAILED; coded errors pass.
 * Ethers' own error is not kept as the cause: logs would print its calldata.
 */
export function requestError(error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  if (isError(error, "CALL_EXCEPTION") && (error.data !== null || /revert/i.test(rpcMessageOf(error) ?? "")))
    return revertError(revertOf(error.data));
  return new L1Error(L1ErrorCode.REQUEST_FAILED, `L1 did not carry out the request: ${shortTextOf(error)}`, {});
}
