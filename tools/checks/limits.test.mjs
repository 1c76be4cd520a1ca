import { expect } from "chai";
import { checkLimits, limitRows } from "./limits.mjs";

const line = (id, tests) => `| **${id}** | what | who | bound | what goes | ${tests} |`;
const spec = (...lines) => `# Limits\n\n| limit | … |\n|---|---|\n${lines.join("\n")}\n`;
const texts = { "a.test.ts": 'it("LIMIT-1: holds")', "b.test.ts": 'it("holds")' };
const read = path => texts[path];

describe("the check of limits", () => {
  it("reads a row's ID and tests", () => {
    expect(limitRows(spec(line("LIMIT-1", "`a.test.ts`, `b.test.ts`")))).to.deep.equal([
      { id: "LIMIT-1", tests: ["a.test.ts", "b.test.ts"] },
    ]);
  });

  it("passes a row whose test quotes it", () => {
    const files = [{ path: "a.ts", source: "// LIMIT-1: bounded" }];
    expect(checkLimits(spec(line("LIMIT-1", "`a.test.ts`")), files, read)).to.deep.equal([]);
  });

  it("fails on a test that is missing or does not quote the row, on none, on two rows, on an ID without a row", () => {
    const files = [{ path: "a.ts", source: "// LIMIT-12" }];
    const table = spec(
      line("LIMIT-1", "`gone.test.ts`"),
      line("LIMIT-2", "`b.test.ts`"),
      line("LIMIT-3", ""),
      line("LIMIT-1", "`a.test.ts`"),
    );
    const problems = checkLimits(table, files, read);
    expect(problems.map(problem => problem.split(": ")[1]?.slice(0, 30))).to.have.length(5);
    expect(problems.join("\n"))
      .to.contain("LIMIT-1 names gone.test.ts")
      .and.contain("b.test.ts: shows LIMIT-2")
      .and.contain("LIMIT-3 names no test")
      .and.contain("LIMIT-1 has two rows")
      .and.contain("a.ts: LIMIT-12 has no row");
  });
});
