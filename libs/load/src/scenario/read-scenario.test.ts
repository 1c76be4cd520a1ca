import { expect } from "chai";
import { LoadError, LoadErrorCode } from "../load-error.js";
import { readScenario } from "./read-scenario.js";
import { spanMs } from "./span.js";

const good = `version: 1
name: burst
mix: {private: 0.5, public: 0.4, withdraw: 0.1}
phases:
  - {for: 5m, rate: 1, arrivals: poisson}
  - {for: 10 epochs, ramp: [0.1, 1]}
faults:
  - {at: 3m, do: stop, node: validator-2, for: 1 epoch}
  - {at: 2 slots, do: l1-reorg, depth: 8}
drain: {until: proven, atMost: 30m}
expect:
  - {metric: outcome.lost, atMost: 0}
  - {metric: latency.pending.p99, atMost: 2 slots}
`;

function refusal(content: string): LoadError {
  try {
    readScenario(content, "my.yml");
  } catch (error) {
    if (error instanceof LoadError) return error;
    throw error;
  }
  throw new Error("it was read");
}

describe("readScenario", () => {
  it("reads YAML and fills in what is not said", () => {
    const scenario = readScenario(good, "my.yml");
    expect(scenario).to.deep.include({ seed: 1, wallets: 10, proofs: "ahead", warmup: "0s" });
    expect(scenario.phases[1]).to.deep.equal({ for: "10 epochs", ramp: [0.1, 1], arrivals: "uniform" });
    expect(readScenario(JSON.stringify(scenario), "my.json")).to.deep.equal(scenario);
  });

  const faults: readonly (readonly [what: string, from: string, to: string, line: number, says: RegExp])[] = [
    ["an unknown field", "name: burst", "name: burst\nrate: 1", 1, /Unrecognized key: "rate"/],
    ["a field of the wrong type", "rate: 1,", "rate: fast,", 5, /phases.0/],
    ["a rate out of range", "rate: 1,", "rate: 1001,", 5, /phases.0/],
    ["a span without a unit", "for: 5m", "for: 5", 5, /phases.0/],
    ["a mix that is not whole", "private: 0.5", "private: 0.4", 3, /mix: the shares must add up to 1/],
    ["an unknown fault", "do: stop", "do: explode", 8, /faults.0.do/],
    ["a fault without what it needs", ", node: validator-2", "", 8, /faults.0.node/],
    ["a depth of nothing", "depth: 8", "depth: 0", 9, /faults.1.depth/],
    ["an expectation without a bound", "{metric: outcome.lost, atMost: 0}", "{metric: outcome.lost}", 12, /atMost/],
    ["another version", "version: 1", "version: 2", 1, /version/],
    ["a field that is there twice", "name: burst", "name: burst\nname: other", 3, /no YAML/],
    ["YAML that does not end", "depth: 8}", "depth: 8", 10, /no YAML/],
    ["an alias", "name: burst", "name: &a burst\nabout: *a", 1, /aliases/],
  ];
  for (const [what, from, to, line, says] of faults) {
    it(`names the line of ${what}`, () => {
      expect(good).to.contain(from);
      const { code, message, payload } = refusal(good.replace(from, to));
      expect([code, payload.line]).to.deep.equal([LoadErrorCode.BAD_SCENARIO, line]);
      expect(message)
        .to.match(new RegExp(`^my\\.yml:${line}: `))
        .and.match(says);
    });
  }

  it("names five faults at once, and says how many more there are", () => {
    const phases = Array.from({ length: 8 }, () => "  - {for: 1}").join("\n");
    const { message } = refusal(`version: 1\nname: a\nmix: {public: 1}\nphases:\n${phases}\n`);
    expect(message.split("\n")).to.have.length(6);
    expect(message).to.match(/and \d+ more$/);
  });

  it("refuses what is empty, binary, no object, or too long", () => {
    for (const content of ["", "\u0000\u0001", "- 1", "null", `# ${"x".repeat(256 * 1024)}`])
      expect(refusal(content).code).to.equal(LoadErrorCode.BAD_SCENARIO);
  });
});

describe("spanMs", () => {
  it("counts units, slots and epochs", () => {
    const rules = { slotDuration: 24, epochDuration: 32 };
    const spans = ["500ms", "1.5s", "2m", "1h", "1 slot", "2 slots", "1 epoch", "10 epochs"];
    expect(spans.map(span => spanMs(span, rules))).to.deep.equal([
      500, 1_500, 120_000, 3_600_000, 24_000, 48_000, 768_000, 7_680_000,
    ]);
  });
});
