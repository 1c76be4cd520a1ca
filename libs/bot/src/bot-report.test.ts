import { expect } from "chai";
import { reportLine, Tally } from "./bot-report.js";

describe("the bot's report", () => {
  it("tells mean, p50, p95, p99 and the slowest of a stage, also in its line", () => {
    const tally = new Tally();
    // In an order that is not theirs.
    for (let i = 0; i < 200; i++) tally.reached("pending", 1_000 * (1 + ((i * 77) % 200)));
    const report = tally.report();
    expect(report.latency.pending).to.deep.equal({
      count: 200,
      meanMs: 100_500,
      p50Ms: 101_000,
      p95Ms: 191_000,
      p99Ms: 199_000,
      maxMs: 200_000,
    });
    const times = reportLine(report, "pending").match(/\d+\.\d/g);
    expect(times).to.deep.equal(["101.0", "191.0", "199.0"]);
  });
});
