import { searchBack } from "@sprtn/runtime";
import { toQuantity } from "ethers";
import type { JournalEntry } from "./journal.js";
import type { L1Requests } from "./l1-requests.js";

/** Blocks below the head in which a used nonce is looked for: full nodes keep the state of so many. */
const LONGEST_SEARCH = 128;

/**
 * Whether the nonce of a step without a receipt was used by its own transaction, as far as L1's blocks tell: an
 * endpoint may count a transaction before it shows its receipt. Undefined if they do not tell. What was used long ago
 * would have its receipt by now.
 */
export async function isOwnUse(l1: L1Requests, address: string, entry: JournalEntry): Promise<boolean | undefined> {
  const head = await l1.number("eth_blockNumber");
  try {
    const isUsedAt = async (block: number) =>
      (await l1.number("eth_getTransactionCount", address, toQuantity(block))) > entry.nonce;
    const used = await searchBack({ top: head, reach: LONGEST_SEARCH }, isUsedAt);
    if (used === undefined) return undefined;
    if (used <= head - LONGEST_SEARCH) return false;
    const hashes = await l1.ask("eth_getBlockByNumber", [toQuantity(used), false], hashesOf);
    return hashes.some(hash => entry.attempts.some(attempt => attempt.hash === hash));
  } catch {
    // It has no state, or no block, of that height.
    return undefined;
  }
}

function hashesOf(block: unknown): readonly unknown[] {
  const { transactions } = block as { readonly transactions?: unknown };
  if (Array.isArray(transactions)) return transactions as readonly unknown[];
  throw new RangeError("no list of transactions");
}
