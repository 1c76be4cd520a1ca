import { Bytes32, L1BlockNumber, UnixSeconds } from "@sprtn/primitives";
import { expect } from "chai";
import { clockAheadOf, HeadWatch, maxHeadAgeOf } from "./head-watch.js";

const head = (number: number, seconds: number) => ({
  number: L1BlockNumber(number),
  hash: Bytes32(`0x${number.toString(16).padStart(64, "0")}`),
  timestamp: UnixSeconds(seconds),
});

describe("HeadWatch", () => {
  it("takes a head for stale by its time", () => {
    const watch = new HeadWatch({ maxAgeMs: 60_000, slotSeconds: 12 });
    expect(watch.staleness(head(1, 1000), 1_060_000)).to.equal(undefined);
    expect(watch.staleness(head(1, 1000), 1_060_001)).to.equal(60_001);
    expect(watch.staleness(head(2, 1040), 1_060_001)).to.equal(undefined);
  });

  it("takes a head that goes on, but long ago, for stale: the endpoint is catching up", () => {
    const watch = new HeadWatch({ maxAgeMs: 60_000, slotSeconds: 12 });
    for (let number = 1; number < 5; number++)
      expect(watch.staleness(head(number, number), 9_000_000)).to.be.a("number");
  });

  it("takes a head of an L1 whose time was moved ahead for stale when no other follows", () => {
    const watch = new HeadWatch({ maxAgeMs: 60_000, slotSeconds: 12 });
    expect(watch.staleness(head(1, 9_000_000), 1_000_000)).to.equal(undefined);
    expect(watch.staleness(head(1, 9_000_000), 1_060_000)).to.equal(undefined);
    expect(watch.staleness(head(1, 9_000_000), 1_060_001)).to.equal(60_001);
    expect(watch.staleness(head(2, 9_000_000), 1_060_001)).to.equal(undefined);
  });

  it("never, if told so", () => {
    expect(new HeadWatch({ maxAgeMs: 0, slotSeconds: 12 }).staleness(head(1, 1), 9_000_000)).to.equal(undefined);
  });
});

describe("clockAheadOf", () => {
  const maxAgeMs = 60_000;
  const startMs = 1_000_000;
  /** Sees `count` heads of 12 s, one each `everyMs`, of which the first is `lagSeconds` behind the clock. */
  const followed = (lagSeconds: number, { everyMs = 12_000, count = 7, lateMs = [] as readonly number[] } = {}) => {
    const watch = new HeadWatch({ maxAgeMs, slotSeconds: 12 });
    for (let n = 0; n < count; n++)
      watch.staleness(head(n, startMs / 1000 - lagSeconds + 12 * n), startMs + n * everyMs + (lateMs[n] ?? 0));
    return { watch, nowMs: startMs + (count - 1) * everyMs };
  };
  const aheadOf = (...all: readonly ReturnType<typeof followed>[]) =>
    clockAheadOf(
      all.map(({ watch }) => watch),
      { nowMs: Math.max(...all.map(({ nowMs }) => nowMs)), maxAgeMs },
    );

  it("is what every endpoint's heads are behind, as long as they come at L1's pace", () => {
    expect(aheadOf(followed(200))).to.equal(200_000);
    expect(aheadOf(followed(230), followed(200))).to.equal(200_000);
    expect(aheadOf(followed(200, { lateMs: [0, 0, 9_000, 0, 0, 7_000] }))).to.equal(200_000);
    const { watch, nowMs } = followed(200);
    const next = head(7, startMs / 1000 - 200 + 12 * 7);
    expect(watch.staleness(next, nowMs + 12_000)).to.equal(200_000);
    expect(watch.staleness(next, nowMs + 12_000, 200_000)).to.equal(undefined);
  });

  it("is nothing while one endpoint's heads are new: the others lag", () => {
    expect(aheadOf(followed(200), followed(2))).to.equal(0);
  });

  it("is nothing for an endpoint that catches up, stands still, or was not seen for long enough", () => {
    expect(aheadOf(followed(900, { everyMs: 6_000 }))).to.equal(0);
    expect(aheadOf(followed(200, { count: 6 }))).to.equal(0);
    const { watch, nowMs } = followed(200);
    expect(clockAheadOf([watch], { nowMs: nowMs + 60_001, maxAgeMs })).to.equal(0);
  });
});

describe("maxHeadAgeOf", () => {
  it("is ten slots, and nothing on a chain with blocks on demand, unless told", () => {
    const of = (chainId: bigint, maxHeadAgeMs?: number) => maxHeadAgeOf({ chainId, slotSeconds: 12, maxHeadAgeMs });
    expect(of(1n)).to.equal(120_000);
    expect(of(31337n)).to.equal(0);
    expect(of(31337n, 5000)).to.equal(5000);
    expect(of(1n, 0)).to.equal(0);
  });
});
