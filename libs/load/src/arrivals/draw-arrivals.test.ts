import { expect } from "chai";
import fc from "fast-check";
import { LoadErrorCode } from "../load-error.js";
import { readScenario } from "../scenario/read-scenario.js";
import { drawArrivals } from "./draw-arrivals.js";

const rules = { slotDuration: 8, epochDuration: 4 };

function scenario(text: string) {
  return readScenario(`version: 1\nname: test\nmix: {private: 0.5, public: 0.5}\n${text}`, "test.yml");
}

const momentsOf = (text: string) => drawArrivals(scenario(text), rules).list.map(({ atMs }) => atMs);

describe("drawArrivals", () => {
  it("spreads a steady rate evenly, from the first moment on", () => {
    expect(momentsOf("phases: [{for: 2s, rate: 2}]")).to.deep.equal([0, 500, 1000, 1500]);
  });

  it("carries the part of a payment over to the next phase", () => {
    expect(momentsOf("phases: [{for: 1500ms, rate: 1}, {for: 1s, rate: 2}]")).to.deep.equal([0, 1000, 1750, 2250]);
    expect(momentsOf("phases: [{for: 500ms, rate: 1}, {for: 1h, rate: 0}, {for: 1s, rate: 1}]")).to.deep.equal([
      0, 3_601_000,
    ]);
  });

  it("ramps: as many as the mean rate says, and more where the rate is higher", () => {
    const moments = momentsOf("phases: [{for: 100s, ramp: [0, 2]}]");
    expect(moments).to.have.length(100);
    expect(moments.filter(at => at < 50_000)).to.have.length(25);
    expect(momentsOf("phases: [{for: 100s, ramp: [2, 0]}]").filter(at => at < 50_000)).to.have.length(75);
  });

  it("warms up before 0 at the first rate", () => {
    const drawn = drawArrivals(scenario("warmup: 1 slot\nphases: [{for: 4s, ramp: [1, 3]}]"), rules);
    expect([drawn.warmupMs, drawn.offeredMs]).to.deep.equal([8_000, 4_000]);
    expect(drawn.list.filter(({ atMs }) => atMs < 0)).to.have.length(8);
    expect([-9_000, -8_000, -1, 0, 2_000, 3_999, 4_000].map(at => Math.round(drawn.rateAt(at)))).to.deep.equal([
      0, 1, 1, 1, 2, 3, 0,
    ]);
  });

  it("draws Poisson arrivals: independent distances with the rate's mean", () => {
    const moments = momentsOf("phases: [{for: 1000s, rate: 10, arrivals: poisson}]");
    const distances = moments.slice(1).map((at, i) => at - (moments[i] as number));
    const mean = distances.reduce((sum, one) => sum + one, 0) / distances.length;
    const variance = distances.reduce((sum, one) => sum + (one - mean) ** 2, 0) / distances.length;
    expect(mean).to.be.closeTo(100, 5);
    // Exponential: as wide as its mean.
    expect(Math.sqrt(variance)).to.be.closeTo(100, 5);
  });

  it("draws the same for a seed, other ones for another, kinds by their share", () => {
    const phases = "phases: [{for: 100s, rate: 10}]";
    const [a, again, b] = [`seed: 1\n${phases}`, `seed: 1\n${phases}`, `seed: 2\n${phases}`].map(
      text => drawArrivals(scenario(text), rules).list,
    );
    expect(a).to.deep.equal(again);
    expect(a).not.to.deep.equal(b);
    expect(a?.filter(({ kind }) => kind === "private").length).to.be.within(430, 570);
    expect(new Set(a?.map(({ kind }) => kind))).to.deep.equal(new Set(["private", "transfer"]));
    expect(new Set(a?.map(({ account }) => account)).size).to.equal(10);
  });

  it("is ascending, within its window, and of the size of its rates' integral", () => {
    const phase = fc.record({
      for: fc.integer({ min: 0, max: 60 }).map(seconds => `${seconds}s`),
      ramp: fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 })),
      arrivals: fc.constant("uniform" as const),
    });
    fc.assert(
      fc.property(fc.array(phase, { minLength: 1, maxLength: 4 }), phases => {
        fc.pre(phases.some(one => one.for !== "0s"));
        const drawn = drawArrivals(scenario(`phases: ${JSON.stringify(phases)}`), rules);
        const total = phases.reduce(
          (sum, one) => sum + ((one.ramp[0] + one.ramp[1]) / 2) * Number.parseInt(one.for, 10),
          0,
        );
        expect(drawn.list.length).to.be.closeTo(total, 1);
        let last = 0;
        for (const { atMs } of drawn.list) {
          expect(atMs)
            .to.be.at.least(last - 1e-6)
            .and.at.most(drawn.offeredMs);
          last = atMs;
        }
      }),
    );
  });

  it("refuses more than a million, and no time at all", () => {
    for (const phases of ["[{for: 1001s, rate: 1000}]", "[{for: 0s, rate: 1}]"])
      expect(() => momentsOf(`phases: ${phases}`))
        .to.throw()
        .with.property("code", LoadErrorCode.BAD_SCENARIO);
  });
});
