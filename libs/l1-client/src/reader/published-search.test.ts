import { expect } from "chai";
import type { Log } from "ethers";
import type { EndpointProvider } from "../endpoints/endpoint-provider.js";
import { LogRange } from "../endpoints/log-range.js";
import { L1ErrorCode } from "../l1-error.js";
import { PublishedSearch } from "./published-search.js";

/** An endpoint that holds one log, or none, and gives the logs of ten blocks at once. */
function endpoint(at?: number) {
  const asked: (readonly [number, number])[] = [];
  const getLogs = async ({ fromBlock, toBlock }: { fromBlock: string; toBlock: string }): Promise<Log[]> => {
    const [from, to] = [Number(fromBlock), Number(toBlock)];
    asked.push([from, to]);
    return at !== undefined && from <= at && at <= to ? [{ blockNumber: at } as Log] : [];
  };
  return { asked, provider: { logRange: new LogRange(10), getLogs } as unknown as EndpointProvider };
}

const query = { addresses: ["0x01"], topics: [["0xaa"], ["0xbb"]], from: 1, to: 1000 };

/** What a call came to. */
const outcome = (found: Promise<Log | undefined>): Promise<unknown> =>
  found.then(
    log => log?.blockNumber,
    (error: { code?: string }) => error.code,
  );

describe("PublishedSearch", () => {
  it("LIMIT-28: asks for a bounded part of the history at a time, and goes on where it stopped", async () => {
    const { asked, provider } = endpoint(5);
    const search = new PublishedSearch();
    const outcomes = [];
    for (let i = 0; i < 4; i++) {
      const before = asked.length;
      outcomes.push(await outcome(search.last(provider, query)));
      expect(asked.length - before).to.equal(i < 3 ? 32 : 4);
    }
    const { BAD_LOG } = L1ErrorCode;
    expect(outcomes).to.deep.equal([BAD_LOG, BAD_LOG, BAD_LOG, 5]);
    expect(asked).to.have.length(100);
  });

  it("finds what it has found with one request", async () => {
    const { asked, provider } = endpoint(800);
    const search = new PublishedSearch();
    expect(await outcome(search.last(provider, query))).to.equal(800);
    const before = asked.length;
    expect(await outcome(search.last(provider, query))).to.equal(800);
    expect(asked.length - before).to.equal(1);
  });

  it("begins anew after it came to nothing: another endpoint may have it", async () => {
    const search = new PublishedSearch();
    const empty = endpoint();
    const short = { ...query, to: 100 };
    expect(await outcome(search.last(empty.provider, short))).to.equal(undefined);
    expect(await outcome(search.last(endpoint(95).provider, short))).to.equal(95);
  });

  it("LIMIT-28: keeps searches apart, and 64 of them: with one more the one of longest ago begins anew", async () => {
    const search = new PublishedSearch();
    const { asked, provider } = endpoint();
    for (let i = 0; i <= 64; i++) await outcome(search.last(provider, { ...query, topics: [["0xaa"], [`0x${i}`]] }));
    asked.length = 0;
    await outcome(search.last(provider, { ...query, topics: [["0xaa"], ["0x64"]] }));
    await outcome(search.last(provider, { ...query, topics: [["0xaa"], ["0x1"]] }));
    await outcome(search.last(provider, { ...query, topics: [["0xaa"], ["0x0"]] }));
    expect([asked[0], asked[32], asked[64]]).to.deep.equal([
      [671, 680],
      [671, 680],
      [991, 1000],
    ]);
  });
});
