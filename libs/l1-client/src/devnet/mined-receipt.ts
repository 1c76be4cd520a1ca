import type { Clock } from "@sprtn/ports";
import { sleep } from "@sprtn/runtime";
import type { TransactionReceipt, TransactionResponse } from "ethers";

const POLL_INTERVAL_MS = 10;

/**
 * The receipt of a transaction on a devnet, once it is mined; for tests. ethers' own `wait()` looks again when another
 * block comes. On a devnet that mines one block per transaction none does, so it never returns if the transaction was
 * mined just before it began to watch.
 */
export async function minedReceipt(
  { hash, provider }: Pick<TransactionResponse, "hash" | "provider">,
  clock: Clock,
): Promise<TransactionReceipt> {
  for (;;) {
    const receipt = await provider.getTransactionReceipt(hash);
    if (receipt !== null) return receipt;
    await sleep(clock, POLL_INTERVAL_MS);
  }
}
