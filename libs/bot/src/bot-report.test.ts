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

  it("names in its line the codes of what was skipped and refused, the most frequent three of each", () => {
    const tally = new Tally();
    const end = (outcome: "skipped" | "refused" | "dropped" | "reached", code?: string) => {
      tally.due("transfer");
      tally.ended("transfer", outcome, code);
    };
    end("reached");
    expect(reportLine(tally.report(), "pending")).to.equal(
      "1 payment due: 1 sent, 0 skipped; of those sent, 1 reached pending, 0 refused, 0 lost, 0 open",
    );
    end("skipped", "BOT_TOO_MANY_PENDING");
    for (const code of ["TX_A", "TX_B", "TX_B", "TX_C", "TX_C", "TX_D", "TX_D"]) end("refused", code);
    end("dropped", "TX_B");
    expect(reportLine(tally.report(), "pending")).to.equal(
      "10 payments due: 9 sent, 1 skipped (BOT_TOO_MANY_PENDING 1); of those sent, 1 reached pending, 8 refused " +
        "(TX_B 3, TX_C 2, TX_D 2, …), 0 lost, 0 open",
    );
  });
});
