import { expect } from "chai";
import { LoadErrorCode } from "../load-error.js";
import { madeUpReport } from "../test/made-up-report.js";
import { readReport } from "./read-report.js";

describe("readReport", () => {
  const report = madeUpReport({ seconds: 30, rate: 1 });

  it("reads what was written, as text or bytes", () => {
    const text = JSON.stringify(report);
    expect(readReport(text, "report.json")).to.deep.equal(report);
    expect(readReport(Buffer.from(text), "report.json")).to.deep.equal(report);
  });

  const broken: Readonly<Record<string, readonly [string, string]>> = {
    "no JSON": ["{", "JSON"],
    "another version": [JSON.stringify({ ...report, version: 2 }), "version"],
    "an unknown field": [JSON.stringify({ ...report, more: 1 }), "more"],
    "a wrong figure": [JSON.stringify({ ...report, rates: { ...report.rates, asked: "5" } }), "rates.asked"],
    "what is no histogram": [
      JSON.stringify({ ...report, latency: { sent: { all: { ...report.latency.sent?.all, packed: "AAAA" } } } }),
      "latency.sent.all.packed",
    ],
    "an interval without a histogram": [
      JSON.stringify({ ...report, intervals: [{ ...report.intervals[0], latency: { sent: "?" } }] }),
      "intervals.0.latency.sent",
    ],
    "more than 64 MiB": [" ".repeat(64 * 1024 * 1024 + 1), "64 MiB"],
  };
  for (const [what, [text, named]] of Object.entries(broken))
    it(`refuses ${what}, and says where`, () => {
      const read = () => readReport(text, "some.json");
      expect(read).to.throw(named).with.property("code", LoadErrorCode.BAD_REPORT);
      expect(read).to.throw("some.json");
    });
});
