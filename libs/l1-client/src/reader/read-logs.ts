import { type JsonRpcProvider, type Log, toQuantity } from "ethers";
import { rpcMessageOf } from "../endpoints/request-error.js";

export interface LogQuery {
  readonly addresses: readonly string[];
  /** Alternatives for each topic; `null` for any. */
  readonly topics: readonly (readonly string[] | null)[];
  readonly from: number;
  readonly to: number;
}

/**
 * All logs of `query`, in L1's order, asked for in ranges of at most `maxRange` blocks. Endpoints limit ranges or
 * results
 * differently and say so in words only: whatever error an endpoint answers with, the range is halved, down to one
 * block.
 */
export async function readLogs(provider: JsonRpcProvider, query: LogQuery, maxRange: number): Promise<Log[]> {
  const logs: Log[] = [];
  let range = maxRange;
  for (let from = query.from; from <= query.to;) {
    const to = Math.min(query.to, from + range - 1);
    try {
      const part = await provider.getLogs({
        address: [...query.addresses],
        topics: query.topics.map(topic => topic && [...topic]),
        fromBlock: toQuantity(from),
        toBlock: toQuantity(to),
      });
      logs.push(...part);
      from = to + 1;
    } catch (error) {
      if (rpcMessageOf(error) === undefined || to === from) throw error;
      range = Math.ceil((to - from + 1) / 2);
    }
  }
  return logs;
}

/** The latest log of `query` that the endpoint has, searched from the end. */
export async function findLastLog(
  provider: JsonRpcProvider,
  query: LogQuery,
  maxRange: number,
): Promise<Log | undefined> {
  for (let to = query.to; to >= query.from; to -= maxRange) {
    const logs = await readLogs(provider, { ...query, from: Math.max(query.from, to - maxRange + 1), to }, maxRange);
    if (logs.length > 0) return logs.at(-1);
  }
  return undefined;
}
