import { Bytes32, L1BlockNumber, UnixSeconds } from "@sprtn/primitives";
import { expect } from "chai";
import { HeadWatch, maxHeadAgeOf } from "./head-watch.js";

const head = (number: number, seconds: number) => ({
  number: L1BlockNumber(number),
  hash: Bytes32(`0x${number.toString(16).padStart(64, "0")}`),
  timestamp: UnixSeconds(seconds),
});

describe("HeadWatch", () => {
  it("takes a head for stale by its time", () => {
    const watch = new HeadWatch(60_000);
    expect(watch.staleness(head(1, 1000), 1_060_000)).to.equal(undefined);
    expect(watch.staleness(head(1, 1000), 1_060_001)).to.equal(60_001);
    expect(watch.staleness(head(2, 1040), 1_060_001)).to.equal(undefined);
  });

  it("takes a head that goes on, but long ago, for stale: the endpoint is catching up", () => {
    const watch = new HeadWatch(60_000);
    for (let number = 1; number < 5; number++)
      expect(watch.staleness(head(number, number), 9_000_000)).to.be.a("number");
  });

  it("takes a head of an L1 whose time was moved ahead for stale when no other follows", () => {
    const watch = new HeadWatch(60_000);
    expect(watch.staleness(head(1, 9_000_000), 1_000_000)).to.equal(undefined);
    expect(watch.staleness(head(1, 9_000_000), 1_060_000)).to.equal(undefined);
    expect(watch.staleness(head(1, 9_000_000), 1_060_001)).to.equal(60_001);
    expect(watch.staleness(head(2, 9_000_000), 1_060_001)).to.equal(undefined);
  });

  it("never, if told so", () => {
    expect(new HeadWatch(0).staleness(head(1, 1), 9_000_000)).to.equal(undefined);
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
