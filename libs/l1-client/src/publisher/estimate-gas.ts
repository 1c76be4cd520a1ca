import { type JsonRpcProvider, toQuantity } from "ethers";
import type { TransactionRequest } from "./transaction-request.js";

/** Gas that a call of `from` needs in the state of L1's head. Throws ethers' CALL_EXCEPTION if it reverts. */
export async function estimateGas(
  provider: JsonRpcProvider,
  { to, data, value = 0n }: TransactionRequest,
  from: string,
): Promise<bigint> {
  // Not "pending": what is abandoned there is about to be replaced.
  return BigInt(
    (await provider.send("eth_estimateGas", [{ from, to, data, value: toQuantity(value) }, "latest"])) as string,
  );
}

/** A gas limit for an estimate: `percent` more. */
export function withMargin(estimate: bigint, percent: number): bigint {
  return (estimate * BigInt(100 + percent)) / 100n;
}
