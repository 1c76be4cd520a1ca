import { type JsonRpcProvider, toQuantity } from "ethers";
import { rpcMessageOf } from "../endpoints/request-error.js";
import type { TransactionRequest } from "./transaction-request.js";

/**
 * Runs a call as a transaction of `from` in a block of time `at` on top of `block`. Throws ethers' CALL_EXCEPTION if it
 * reverts. If an endpoint cannot set a block's time, the call counts as successful.
 */
export async function dryRun(
  provider: JsonRpcProvider,
  request: TransactionRequest,
  options: { readonly from: string; readonly at: number; readonly block: number | "latest" },
): Promise<void> {
  const { from, at, block } = options;
  const gas = request.gasLimit === undefined ? {} : { gas: toQuantity(request.gasLimit) };
  const call = { from, to: request.to, data: request.data, value: toQuantity(request.value ?? 0n), ...gas };
  try {
    await provider.send("eth_call", [
      call,
      block === "latest" ? block : toQuantity(block),
      {},
      { time: toQuantity(at) },
    ]);
  } catch (error) {
    const said = rpcMessageOf(error);
    if (
      said !== undefined &&
      /too many arguments|invalid params|block ?override|unsupported|not supported|unknown field/i.test(said) &&
      !/revert/i.test(said)
    )
      return;
    throw error;
  }
}
