import { isError, type JsonRpcProvider } from "ethers";
import { type Revert, revertError, revertOf } from "../contracts/revert.js";
import { shortTextOf } from "../endpoints/request-error.js";
import { L1Error, type L1ErrorPayload } from "../l1-error.js";
import type { RawReceipt } from "./raw-receipt.js";
import { dryRun } from "./dry-run.js";
import type { TransactionRequest } from "./transaction-request.js";

/** What was sent, what became of it, and who sent it. */
export interface MinedTransaction {
  readonly request: TransactionRequest & { readonly gasLimit: bigint };
  readonly receipt: RawReceipt;
  readonly from: string;
}

/**
 * The coded error for a transaction that was mined and reverted: receipts do not say why, so it is run again where it
 * was.
 */
export async function minedRevert(provider: JsonRpcProvider, mined: MinedTransaction): Promise<L1Error> {
  const { request, receipt } = mined;
  const payload: L1ErrorPayload = { transactionHash: receipt.transactionHash };
  // EIP-150: a call gets all but a 64th of the gas, so that a transaction whose call ran out of it may end just below
  // its limit.
  if (receipt.gasUsed * 64n >= request.gasLimit * 63n)
    return revertError({ reason: "out-of-gas", args: { gasLimit: String(request.gasLimit) } }, payload);
  const revert = await replay(provider, mined);
  return revertError(revert, payload);
}

async function replay(provider: JsonRpcProvider, { request, receipt, from }: MinedTransaction): Promise<Revert> {
  try {
    const block = (await provider.send("eth_getBlockByNumber", [`0x${receipt.blockNumber.toString(16)}`, false])) as {
      timestamp: string;
    } | null;
    await dryRun(provider, request, { from, at: Number(block?.timestamp ?? 0), block: receipt.blockNumber - 1 });
    return {
      reason: "unknown",
      args: {
        hint:
          "it does not revert on the state before its block: one before it in that block made it fail, or the " +
          "endpoint's receipt is wrong",
      },
    };
  } catch (error) {
    if (isError(error, "CALL_EXCEPTION")) return revertOf(error.data);
    return { reason: "unknown", args: { hint: `L1 could not execute it again: ${shortTextOf(error)}` } };
  }
}
