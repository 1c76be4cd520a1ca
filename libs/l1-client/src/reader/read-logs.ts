import { type Log, toQuantity } from "ethers";
import type { EndpointProvider } from "../endpoints/endpoint-provider.js";
import { L1Error, L1ErrorCode } from "../l1-error.js";

export interface LogQuery {
  readonly addresses: readonly string[];
  /** Alternatives for each topic; `null` for any. */
  readonly topics: readonly (readonly string[] | null)[];
  readonly from: number;
  readonly to: number;
}

/** Requests in one reading that may time out before the endpoint counts as failed. */
const MAX_TIMEOUTS = 2;

/**
 * All logs of `query`, in L1's order, asked for in ranges of as many blocks as the endpoint gives: the range is halved
 * when it refuses, down to one block, and what worked is remembered.
 * @throws L1Error RANGE_TOO_LARGE when it refuses one block
 */
export async function readLogs(provider: EndpointProvider, query: LogQuery): Promise<Log[]> {
  const logs: Log[] = [];
  let timeouts = 0;
  for (let from = query.from; from <= query.to;) {
    const to = Math.min(query.to, from + provider.logRange.size - 1);
    const blocks = to - from + 1;
    try {
      const part = await provider.getLogs({
        address: [...query.addresses],
        topics: query.topics.map(topic => topic && [...topic]),
        fromBlock: toQuantity(from),
        toBlock: toQuantity(to),
      });
      logs.push(...part);
      provider.logRange.accepted(blocks);
      from = to + 1;
    } catch (error) {
      if (!(error instanceof L1Error) || error.code !== L1ErrorCode.RANGE_TOO_LARGE) throw error;
      if (!provider.logRange.refused(blocks)) throw error;
      // What hangs is not waited for again and again: another endpoint may answer, and this one is asked for less.
      if (error.payload.timeoutMs !== undefined && ++timeouts === MAX_TIMEOUTS) throw error;
    }
  }
  return logs;
}
