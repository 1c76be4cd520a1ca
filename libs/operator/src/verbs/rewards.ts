import { rollupAbi } from "@sprtn/contracts";
import { isRecord } from "../host/json-http.js";
import type { OperatorHost } from "../host/operator-host.js";
import type { L1Account } from "../l1/l1-account.js";
import { contractOf, type L1Place } from "../l1/l1-place.js";
import { readContract } from "../l1/read-contract.js";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";

const ASK_MS = 10_000;
/** As many blocks as a node gives at once. */
const BATCH = 100;
/** Blocks that one transaction settles: each costs some 30,000 gas. */
const MOST_SETTLED = 200;

/** What an account has earned and not taken, in wei of L2-AZT. */
export interface RewardsReport {
  readonly account: string;
  /** Credited: `claim` pays it. */
  readonly credit: bigint;
  /** Its proven blocks whose reward may not have been credited yet: L1 tells that only when it is asked to. */
  readonly unsettled: readonly number[];
  /** What those add at most. */
  readonly unsettledReward: bigint;
  /** Whether the own node runs, which tells the blocks. */
  readonly blocksKnown: boolean;
}

/** @throws OperatorError UNREACHABLE, REFUSED, BAD_ANSWER */
export async function rewardsOf(host: OperatorHost, place: L1Place, account: string): Promise<RewardsReport> {
  const address = contractOf(place, "rollup");
  const read = async (name: string, args: readonly unknown[] = []) =>
    (await readContract(host, place.url, { abi: rollupAbi, address, name, args }))[0] as bigint;
  const [credit, proven, capacity, share] = await Promise.all([
    creditOf(host, place, account),
    read("provenBlockNumber"),
    read("capacity"),
    read("coinbaseShare"),
  ]);
  const last = Number(proven);
  const first = Math.max(1, last - Number(capacity) + 1);
  const unsettled = await unsettledBlocks(host, place, { account, first, last });
  return {
    account,
    credit,
    unsettled,
    unsettledReward: share * BigInt(unsettled.length),
    blocksKnown: place.blocks !== undefined,
  };
}

/**
 * Credits what is proven, and pays the account. Anybody may: the account gets it.
 * @throws OperatorError USAGE if there is nothing; UNREACHABLE, REFUSED, BAD_ANSWER; L1Error
 */
export async function claim(
  { host, account, signal }: { readonly host: OperatorHost; readonly account: L1Account; readonly signal: AbortSignal },
  place: L1Place,
  report: RewardsReport,
): Promise<{ readonly transactions: readonly string[]; readonly amount: bigint }> {
  const { credit, unsettled } = report;
  const nothing = () =>
    new OperatorError(
      OperatorErrorCode.USAGE,
      `${report.account} has earned nothing that it has not taken: look again after its next block`,
    );
  if (credit === 0n && unsettled.length === 0) throw nothing();
  const { Interface } = await import("ethers");
  const rollup = new Interface(rollupAbi);
  const to = contractOf(place, "rollup");
  const transactions: string[] = [];
  const send = async (name: string, args: readonly unknown[]) =>
    transactions.push(await account.send({ to, data: rollup.encodeFunctionData(name, args) }, signal));
  for (let i = 0; i < unsettled.length; i += MOST_SETTLED) await send("settle", [unsettled.slice(i, i + MOST_SETTLED)]);
  const amount = await creditOf(host, place, report.account);
  if (amount === 0n) throw nothing();
  await send("claim", [report.account]);
  return { transactions, amount };
}

/** Blocks of the buffer that may credit the account. Settling one again does nothing. */
async function unsettledBlocks(
  host: OperatorHost,
  { blocks: teller }: L1Place,
  { account, first, last }: { readonly account: string; readonly first: number; readonly last: number },
): Promise<readonly number[]> {
  const found: number[] = [];
  if (teller === undefined) return found;
  for (let from = first; from <= last;) {
    const [blocks] = await host.call(teller, [{ method: "node_getBlocks", params: [from, BATCH] }], ASK_MS);
    const headers = (Array.isArray(blocks) ? blocks : []).map(headerOf);
    const numbers = headers.map(({ number }) => number);
    for (const { number, coinbase } of headers) if (coinbase === account && number <= last) found.push(number);
    // It gives fewer than it was asked for, but one at least if it has any.
    if (numbers.length === 0 || Math.max(...numbers) < from) break;
    from = Math.max(...numbers) + 1;
  }
  return found;
}

function headerOf(block: unknown): { readonly number: number; readonly coinbase: string } {
  const header = isRecord(block) && isRecord(block.header) ? block.header : {};
  return { number: Number(header.number), coinbase: String(header.coinbase).toLowerCase() };
}

async function creditOf(host: OperatorHost, place: L1Place, account: string): Promise<bigint> {
  const rollup = { abi: rollupAbi, address: contractOf(place, "rollup") };
  const [credit] = await readContract(host, place.url, { ...rollup, name: "creditOf", args: [account] });
  return credit as bigint;
}
