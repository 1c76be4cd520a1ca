import { Bytes32 } from "@sprtn/primitives";
import { searchBack } from "@sprtn/runtime";
import { toQuantity } from "ethers";
import type { JournalEntry } from "./journal.js";
import type { L1Requests } from "./l1-requests.js";

/** Blocks below the head in which a used nonce is looked for: full nodes keep the state of so many. */
const LONGEST_SEARCH = 128;

/**
 * Whether the nonce of a step without a receipt was used by its own transaction, as far as L1's blocks tell: an
 * endpoint may count a transaction before it shows its receipt. Undefined if they do not tell. What was used long ago
 * would have its receipt by now. Another's use is believed of an endpoint that still serves this chain, and of a block
 * at whose hash, and not at its parent's, the nonce counts as used: servers behind one endpoint may differ.
 */
export async function isOwnUse(l1: L1Requests, address: string, entry: JournalEntry): Promise<boolean | undefined> {
  const head = await l1.number("eth_blockNumber");
  try {
    const isUsedAt = async (block: string | { readonly blockHash: string }) =>
      (await l1.number("eth_getTransactionCount", address, block)) > entry.nonce;
    const used = await searchBack({ top: head, reach: LONGEST_SEARCH }, block => isUsedAt(toQuantity(block)));
    if (used === undefined) return undefined;
    const isOfChain = async () => (await l1.quantity("eth_chainId")) === l1.chainId;
    if (used <= head - LONGEST_SEARCH) return (await isOfChain()) ? false : undefined;
    const {
      hash: blockHash,
      parentHash,
      transactions,
    } = await l1.ask("eth_getBlockByNumber", [toQuantity(used), false], blockOf);
    if (transactions.some(hash => entry.attempts.some(attempt => attempt.hash === hash))) return true;
    const isTheUse = (await isUsedAt({ blockHash })) && !(await isUsedAt({ blockHash: parentHash }));
    return isTheUse && (await isOfChain()) ? false : undefined;
  } catch {
    // It has no state, or no block, of that height.
    return undefined;
  }
}

interface UsingBlock {
  readonly hash: string;
  readonly parentHash: string;
  readonly transactions: readonly unknown[];
}

function blockOf(answer: unknown): UsingBlock {
  const { hash, parentHash, transactions } = answer as Readonly<Record<string, unknown>>;
  if (!Array.isArray(transactions)) throw new RangeError("no list of transactions");
  return { hash: Bytes32(hash as string), parentHash: Bytes32(parentHash as string), transactions };
}
