import { randomFraction, SeededRandom } from "@sprtn/runtime";
import { expect } from "chai";
import { LoadErrorCode } from "../load-error.js";
import { LatencyBook } from "../measure/latencies.js";
import type { LoadReport } from "../report/load-report.js";
import { madeUpReport } from "../test/made-up-report.js";
import { compareReports, type Difference, differenceText } from "./compare-reports.js";
import { failsIf, readFailIf } from "./fail-if.js";

const base = madeUpReport({ seconds: 120, rate: 1 });
const INTERVALS = 60;

/** 3,000 payments of one distribution, `factor` times as slow. */
function drawn(seed: number, factor = 1): LoadReport {
  const random = new SeededRandom(seed);
  const book = new LatencyBook();
  const pending = Array.from({ length: INTERVALS }, () => 0);
  for (let i = 0; i < 50 * INTERVALS; i++) {
    const atMs = 200 * i + 20_000 * randomFraction(random);
    let normal = -3;
    for (let k = 0; k < 6; k++) normal += randomFraction(random);
    book.record({ stage: "pending", kind: "private", ms: 8_000 * factor * Math.exp(0.4 * normal), atMs });
    const index = Math.min(INTERVALS - 1, Math.floor(atMs / 10_000));
    pending[index] = (pending[index] ?? 0) + 1;
  }
  const { latency, intervals } = book.packed();
  const [first] = base.intervals;
  if (first === undefined) throw new TypeError("no interval");
  const toMs = 10_000 * INTERVALS;
  return {
    ...base,
    latency,
    windows: { ...base.windows, offered: { fromMs: 0, toMs }, whole: { fromMs: 0, toMs } },
    intervals: intervals.map((of, i) => ({ ...first, fromMs: 10_000 * i, pending: pending[i] ?? 0, latency: of })),
  };
}

const find = (differences: readonly Difference[], metric: string) => {
  const found = differences.find(one => one.metric === metric);
  if (found === undefined) throw new TypeError(metric);
  return found;
};

describe("compareReports", () => {
  it("finds no difference between two halves of one distribution, for 9 of 10 seeds", () => {
    const seeds = 20;
    const none: Record<string, number> = {};
    for (let seed = 0; seed < seeds; seed++)
      for (const { metric, verdict } of compareReports(drawn(2 * seed), drawn(2 * seed + 1), { seed, resamples: 200 }))
        none[metric] = (none[metric] ?? 0) + (verdict === "none" ? 1 : 0);
    for (const percent of [50, 90, 99])
      expect(none[`latency.pending.p${percent}`], `p${percent}`).to.be.at.least(0.9 * seeds);
    expect(none["rate.pending"]).to.be.at.least(0.9 * seeds);
  });

  it("finds a shift of 20 %, up and down", () => {
    for (let seed = 0; seed < 5; seed++) {
      const [a, b] = [drawn(2 * seed), drawn(2 * seed + 1, 1.2)];
      for (const percent of [50, 90, 99]) {
        const metric = `latency.pending.p${percent}`;
        const { verdict, change, span } = find(compareReports(a, b, { seed, resamples: 200 }), metric);
        expect([verdict, find(compareReports(b, a, { seed, resamples: 200 }), metric).verdict]).to.deep.equal([
          "more",
          "less",
        ]);
        expect(change).to.be.within(0.1, 0.32);
        expect(span?.from).to.be.below(change);
        expect(span?.to).to.be.above(change);
      }
    }
  });

  it("says the same each time for a seed, and nothing differs from itself", () => {
    const [a, b] = [drawn(1), drawn(2)];
    expect(compareReports(a, b, { seed: 5 })).to.deep.equal(compareReports(a, b, { seed: 5 }));
    expect(compareReports(a, b, { seed: 5 })).not.to.deep.equal(compareReports(a, b, { seed: 6 }));
    const same = compareReports(a, a, { seed: 5, resamples: 50 });
    expect(same.every(({ change, verdict }) => change === 0 && verdict === "none")).to.equal(true);
  });

  it("does not judge runs of less than two minutes", () => {
    const short = { ...base, intervals: base.intervals.slice(0, 11) };
    expect(compareReports(short, short, { seed: 1 }).map(({ verdict }) => verdict)).to.include.members(["unknown"]);
    expect(compareReports(short, short, { seed: 1 }).every(({ span }) => span === undefined)).to.equal(true);
  });

  it("covers rates and each stage that both reached", () => {
    const { pending = {}, sent = {} } = base.latency;
    const other: LoadReport = { ...base, latency: { pending, sent } };
    expect(compareReports(base, other, { seed: 1, resamples: 20 }).map(({ metric }) => metric)).to.deep.equal([
      ...["achieved", "pending", "proven"].map(name => `rate.${name}`),
      ...["sent", "pending"].flatMap(stage => [50, 90, 99].map(percent => `latency.${stage}.p${percent}`)),
    ]);
  });

  const others: Readonly<Record<string, LoadReport>> = {
    "network.density": { ...base, network: { ...base.network, density: 8 } },
    "network.proofMode": { ...base, network: { ...base.network, proofMode: "simulated" } },
    "network.slotDuration": { ...base, network: { ...base.network, slotDuration: 24 } },
    "scenario.proofs": { ...base, scenario: { ...base.scenario, proofs: "inline" } },
    "scenario.phases": { ...base, scenario: { ...base.scenario, phases: [] } },
    "scenario.mix": {
      ...base,
      scenario: { ...base.scenario, mix: { ...base.scenario.mix, private: 0.4, shield: 0.1 } },
    },
    "scenario.seed": { ...base, scenario: { ...base.scenario, seed: 99 } },
    "scenario.warmup": { ...base, scenario: { ...base.scenario, warmup: "9s" } },
    "scenario.faults": { ...base, scenario: { ...base.scenario, faults: [] } },
  };
  for (const [field, other] of Object.entries(others))
    it(`refuses what differs in ${field}, unless it must`, () => {
      const compare = () => compareReports(base, other, { seed: 1 });
      expect(compare).to.throw(field).with.property("code", LoadErrorCode.NOT_COMPARABLE);
      expect(compareReports(base, other, { seed: 1, resamples: 5, force: true })).to.have.length.above(3);
    });

  it("compares what differs in names and expectations", () => {
    const other = {
      ...base,
      scenario: { ...base.scenario, name: "other", about: "?", expect: [] },
      startedAt: "later",
    };
    expect(() => compareReports(base, other, { seed: 1, resamples: 5 })).not.to.throw();
  });
});

describe("differenceText", () => {
  // oxlint-disable-next-line max-params -- a table of cases reads best so
  const of = (change: number, from: number, to: number, verdict: Difference["verdict"]) =>
    differenceText({ metric: "latency.pending.p99", a: 1, b: 1, change, span: { from, to }, verdict });

  it("is a line with percents", () => {
    expect(of(0.03, -0.01, 0.08, "none")).to.equal("latency.pending.p99 +3 % (−1…+8): no difference");
    expect(of(0.031, 0.01, 0.08, "more")).to.equal("latency.pending.p99 +3.1 % (+1.0…+8.0): more");
    expect(of(-0.5, -0.6, -0.4, "less")).to.equal("latency.pending.p99 −50 % (−60…−40): less");
    const bare = { metric: "outcome.lost", a: 0, b: 3, change: Infinity, span: undefined, verdict: "unknown" } as const;
    expect(differenceText(bare)).to.equal("outcome.lost from nothing: too short to tell");
  });
});

describe("failIf", () => {
  it("is read", () => {
    expect(readFailIf("latency.pending.p99>10%")).to.deep.equal({
      metric: "latency.pending.p99",
      direction: "more",
      by: 0.1,
    });
    expect(readFailIf(" rate.pending < -2.5 %")).to.deep.equal({
      metric: "rate.pending",
      direction: "less",
      by: 0.025,
    });
  });

  for (const text of [
    "latency.pending.p99",
    "latency.pending.p99>10",
    "latency.pending.p98>10%",
    ">1%",
    "rate.sent>-1%",
    "",
  ])
    it(`refuses ${text || "nothing"}`, () => {
      expect(() => readFailIf(text))
        .to.throw()
        .with.property("code", LoadErrorCode.BAD_SCENARIO);
    });

  it("fails on a change that is greater and is not chance", () => {
    const reports = { a: drawn(1), b: drawn(2, 1.2) };
    const differences = compareReports(reports.a, reports.b, { seed: 3, resamples: 100 });
    const fails = (text: string) => failsIf(reports, differences, readFailIf(text));
    expect(fails("latency.pending.p50>10%")).to.equal(true);
    expect(fails("latency.pending.p50>40%")).to.equal(false);
    expect(fails("latency.pending.p50<1%")).to.equal(false);
    const chance = differences.map(one => ({ ...one, verdict: "none" as const }));
    expect(failsIf(reports, chance, readFailIf("latency.pending.p50>10%"))).to.equal(false);
  });

  it("takes counts as they are, and fails on what is not told", () => {
    const lost = { ...base, outcomes: { ...base.outcomes, lost: 1 } };
    const fails = (b: LoadReport, text: string) => failsIf({ a: base, b }, [], readFailIf(text));
    expect([fails(base, "outcome.lost>0%"), fails(lost, "outcome.lost>0%")]).to.deep.equal([false, true]);
    expect(fails({ ...base, latency: {} }, "latency.pending.max>500%")).to.equal(true);
  });
});
