import { expect } from "chai";
import { LoadErrorCode } from "../load-error.js";
import { madeUpReport } from "../test/made-up-report.js";
import { loadReportSchema } from "./load-report.js";
import { checkExpectation, checkMetric, judge, metricNames, metricOf } from "./metrics-of.js";

const rules = { slotDuration: 8, epochDuration: 8 };

describe("metricOf", () => {
  const report = madeUpReport({ seconds: 120, rate: 2 });

  it("has a number for every metric that a report tells of", () => {
    const silent = metricNames.filter(name => metricOf(report, name) === undefined);
    expect(silent.filter(name => !/^latency\.\w+\.(shield|unshield)\./.test(name))).to.deep.equal([]);
    expect(metricNames.every(name => /^[a-z]+(\.[a-z0-9-]+){1,3}$/.test(name))).to.equal(true);
  });

  it("takes each from its place", () => {
    expect(metricOf(report, "outcome.reverted")).to.equal(2);
    expect(metricOf(report, "rate.pending.whole")).to.equal(report.rates.pending.whole);
    expect(metricOf(report, "rate.proven")).to.equal(report.rates.proven.offered);
    expect(metricOf(report, "latency.pending.p99")).to.equal(report.latency.pending?.all?.p99Ms);
    expect(metricOf(report, "latency.sent.withdraw.mean")).to.equal(report.latency.sent?.withdraw?.meanMs);
    expect(metricOf(report, "nodes.max-rss")).to.be.within(3.8e8, 4.2e8);
  });

  it("counts slots of which something is known", () => {
    const slot = report.slots[0];
    if (slot === undefined) throw new TypeError("no slot");
    const slots = (["block", "block", "empty", "removed", "unknown"] as const).map(outcome => ({ ...slot, outcome }));
    const made = { ...report, slots };
    expect(metricOf(made, "slots.missed-ratio")).to.equal(0.5);
    expect(metricOf({ ...report, slots: slots.slice(4) }, "slots.missed-ratio")).to.equal(undefined);
  });

  for (const name of ["outcome.los", "latency.pending.p98", "nonsense", "latency.all.p99", "constructor"])
    it(`refuses ${name}`, () => {
      expect(() => metricOf(report, name))
        .to.throw()
        .with.property("code", LoadErrorCode.BAD_SCENARIO);
      expect(() => checkMetric(name)).to.throw(name);
    });

  it("refuses a span as the limit of what is no time", () => {
    const of = (metric: string, atMost: string | number) => () => checkExpectation({ metric, atMost });
    expect(of("outcome.lost", "2 slots")).to.throw().with.property("code", LoadErrorCode.BAD_SCENARIO);
    expect(of("latency.sent.p50", "2 slots")).not.to.throw();
    expect(of("nodes.max-lag", 200)).not.to.throw();
  });

  it("is part of a report that its schema accepts", () => {
    expect(loadReportSchema.parse(report)).to.deep.equal(report);
  });
});

describe("judge", () => {
  const report = madeUpReport({ seconds: 60, rate: 1 });
  const latency = report.latency.pending?.all;
  if (latency === undefined) throw new TypeError("no latency");
  const withP99 = (p99Ms: number) => ({ ...report, latency: { pending: { all: { ...latency, p99Ms } } } });
  const metric = "latency.pending.p99";

  it("compares with spans in slots, inclusively", () => {
    const of = (p99Ms: number) => judge(withP99(p99Ms), { metric, atMost: "2 slots" }, rules);
    expect(of(16_000)).to.deep.equal({ metric, atMost: "2 slots", atLeast: null, value: "16000 ms", met: true });
    expect(of(16_001).met).to.equal(false);
  });

  it("compares with numbers, inclusively", () => {
    const of = (ratio: number) =>
      judge({ ...report, rates: { ...report.rates, ratio } }, { metric: "achieved.ratio", atLeast: 0.99 }, rules);
    expect([of(0.99).met, of(0.9899).met, of(0.5).value, of(0.5).atLeast]).to.deep.equal([true, false, "0.5", "0.99"]);
    const both = { metric, atMost: 10, atLeast: 5 };
    expect([4, 5, 10, 11].map(ms => judge(withP99(ms), both, rules).met)).to.deep.equal([false, true, true, false]);
  });

  it("is not met by a metric of which nothing is known", () => {
    expect(judge({ ...report, latency: {} }, { metric, atMost: "1h" }, rules)).to.include({
      met: false,
      value: "nothing",
    });
  });
});
