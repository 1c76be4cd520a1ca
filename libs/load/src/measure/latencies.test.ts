import { deflateSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { LoadErrorCode } from "../load-error.js";
import { countsOf, MAX_LATENCY_MS, newHistogram, packHistogram, recordLatency, unpackHistogram } from "./histogram.js";
import { LatencyBook } from "./latencies.js";

const latencies = fc.array(fc.integer({ min: 1, max: MAX_LATENCY_MS }), { minLength: 1, maxLength: 300 });
const within = (value: number, exact: number) => expect(value).to.be.within(exact * 0.999 - 0.5, exact * 1.001 + 0.5);
const bookOf = (list: readonly number[]) => {
  const book = new LatencyBook();
  for (const [i, ms] of list.entries()) book.record({ stage: "pending", kind: "private", ms, atMs: 1_000 * i });
  return book;
};

describe("LatencyBook", () => {
  it("tells percentiles within 0.1 %", () => {
    fc.assert(
      fc.property(latencies, list => {
        const sorted = list.toSorted((a, b) => a - b);
        const exact = (percent: number) =>
          sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] as number;
        const summary = bookOf(list).summary("pending");
        within(summary?.p50Ms ?? 0, exact(50));
        within(summary?.p90Ms ?? 0, exact(90));
        within(summary?.p99Ms ?? 0, exact(99));
        within(summary?.maxMs ?? 0, exact(100));
        within(summary?.meanMs ?? 0, list.reduce((sum, ms) => sum + ms, 0) / list.length);
      }),
    );
  });

  it("packs what can be read again, in whole and by ten seconds", () => {
    fc.assert(
      fc.property(latencies, list => {
        const { latency, intervals } = bookOf(list).packed();
        const whole = unpackHistogram(latency.pending?.all?.packed ?? "");
        const expected = newHistogram();
        for (const ms of list) recordLatency(expected, ms);
        expect(countsOf(whole)).to.deep.equal(countsOf(expected));
        expect(latency.pending?.private).to.deep.equal(latency.pending?.all);
        expect(intervals).to.have.length(Math.ceil(list.length / 10));
        const parts = newHistogram();
        for (const { pending } of intervals) parts.add(unpackHistogram(pending ?? ""));
        expect(countsOf(parts)).to.deep.equal(countsOf(expected));
      }),
      { numRuns: 30 },
    );
  });

  it("counts what is told late in the interval to which it belongs", () => {
    const book = new LatencyBook();
    for (const atMs of [5, 15_000, 25_000, 35_000, 45_000, 6, 55_000, 7])
      book.record({ stage: "sent", kind: "shield", ms: atMs, atMs });
    const counts = book.packed().intervals.map(({ sent }) => unpackHistogram(sent ?? "").totalCount);
    expect(counts).to.deep.equal([3, 1, 1, 1, 1, 1]);
  });

  it("keeps what is too fast or too slow, and what is before the begin or too far after it", () => {
    const book = new LatencyBook();
    for (const ms of [-5, 0, 0.2]) book.record({ stage: "sent", kind: "private", ms, atMs: -20_000 });
    book.record({ stage: "proven", kind: "withdraw", ms: 1e12, atMs: 1e15 });
    expect(book.summary("sent")).to.deep.equal({ count: 3, meanMs: 1, p50Ms: 1, p90Ms: 1, p99Ms: 1, maxMs: 1 });
    within(book.summary("proven", "withdraw")?.maxMs ?? 0, MAX_LATENCY_MS);
    const { latency, intervals } = book.packed();
    expect(Object.keys(latency)).to.deep.equal(["sent", "proven"]);
    expect([intervals.length, Object.keys(intervals[0] ?? {}), intervals[1]]).to.deep.equal([100_000, ["sent"], {}]);
  });

  it("has nothing to tell of what nothing reached", () => {
    expect(new LatencyBook().packed()).to.deep.equal({ latency: {}, intervals: [] });
    expect(new LatencyBook().summary("pending")).to.equal(undefined);
    expect(bookOf([5]).summary("pending", "shield")).to.equal(undefined);
  });
});

describe("unpackHistogram", () => {
  const good = newHistogram();
  recordLatency(good, 5_000);
  const frame = (content: Buffer) => {
    const packed = deflateSync(content);
    const head = Buffer.from(packHistogram(good), "base64").subarray(0, 8);
    head.writeInt32BE(packed.length, 4);
    return Buffer.concat([head, packed]).toString("base64");
  };
  const header = (digits: number, highest: bigint) => {
    const bytes = Buffer.alloc(40);
    bytes.writeInt32BE(0x1c849313, 0);
    bytes.writeInt32BE(digits, 12);
    bytes.writeBigInt64BE(1n, 16);
    bytes.writeBigInt64BE(highest, 24);
    return bytes;
  };

  it("reads an empty one", () => {
    expect(unpackHistogram(frame(header(3, BigInt(MAX_LATENCY_MS)))).totalCount).to.equal(0);
  });

  const refused = {
    nothing: "",
    "no base64": "<script>",
    "what ends early": packHistogram(good).slice(0, 20),
    "five digits, which take much memory": frame(header(5, BigInt(MAX_LATENCY_MS))),
    "a wide range": frame(header(3, 2n ** 52n)),
    "a bomb": frame(Buffer.alloc(64 * 1024 * 1024)),
  };
  for (const [what, packed] of Object.entries(refused))
    it(`refuses ${what}`, () => {
      expect(() => unpackHistogram(packed))
        .to.throw()
        .with.property("code", LoadErrorCode.BAD_REPORT);
    });

  it("refuses or reads any other text", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), tail => {
        const content = Buffer.concat([header(3, BigInt(MAX_LATENCY_MS)), tail]);
        content.writeInt32BE(tail.length, 4);
        try {
          unpackHistogram(frame(content));
        } catch (error) {
          expect(error).to.have.property("code", LoadErrorCode.BAD_REPORT);
        }
      }),
    );
  });
});
