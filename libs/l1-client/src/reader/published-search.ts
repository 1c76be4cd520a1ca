import type { Log } from "ethers";
import type { EndpointProvider } from "../endpoints/endpoint-provider.js";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import { type LogQuery, readLogs } from "./read-logs.js";

/** Ranges of blocks that one search asks for at a time, each as long as the endpoint gives. */
const MAX_RANGES = 32;
/** Searches that are remembered: those of the block that waits, and of those before it in its range. */
const MAX_SEARCHES = 64;

/**
 * Finds logs that lie anywhere before the block that needs them, from the end. One call asks for a bounded number of
 * ranges; the next search continues where it stopped, and starts over after it found nothing.
 */
export class PublishedSearch {
  /** The L1 block from which to continue downwards, by what is sought. */
  readonly #next = new Map<string, number>();

  /**
   * The latest log of `query`; `undefined` when all of its blocks were searched, by this call and those before it.
   * @throws L1Error BAD_LOG when the search is to continue
   */
  async last(provider: EndpointProvider, query: LogQuery): Promise<Log | undefined> {
    const key = JSON.stringify([query.topics, query.to]);
    let to = this.#next.get(key) ?? query.to;
    for (let ranges = 0; to >= query.from; ranges++) {
      if (ranges === MAX_RANGES) throw goesOn(query, to);
      const from = Math.max(query.from, to - provider.logRange.size + 1);
      const log = (await readLogs(provider, { ...query, from, to })).at(-1);
      if (log) {
        this.#remember(key, log.blockNumber);
        return log;
      }
      to = from - 1;
      this.#remember(key, to);
    }
    this.#next.delete(key);
    return undefined;
  }

  #remember(key: string, to: number): void {
    this.#next.delete(key);
    this.#next.set(key, to);
    const [oldest] = this.#next.keys();
    if (this.#next.size > MAX_SEARCHES && oldest !== undefined) this.#next.delete(oldest);
  }
}

function goesOn({ topics, to }: LogQuery, next: number): L1Error {
  const expected = topics.flat().at(-1) ?? "";
  return new L1Error(
    L1ErrorCode.BAD_LOG,
    `L1 accepted a block whose published data (${expected}) is not in blocks ${next + 1} to ${to}: the search ` +
      "continues in earlier blocks; if the endpoint omits logs, use another one",
    { expected, number: next },
  );
}
