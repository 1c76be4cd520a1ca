import { expect } from "chai";
import { checkHouseRules } from "./house-rules.mjs";

const check = (path, source) => checkHouseRules([{ files: [{ path, source }] }]);

describe("house rules", () => {
  it("pass a plain file", () => {
    expect(check("libs/a/src/thing.ts", 'throw new ThingError(Code.BAD, "say what to do");')).to.deep.equal([]);
  });

  const broken = [
    ["more than 400 lines", "libs/a/src/long.ts", "\n".repeat(400), "400 at most"],
    ["a bag of things", "libs/a/src/utils.ts", "", "name the file"],
    ["a second version", "libs/a/src/thing_v2.ts", "", "name the file"],
    ["an any-cast", "libs/a/src/a.ts", "x as any", "any-casts"],
    ["a bare error", "libs/a/src/a.ts", 'throw new Error("no")', "coded error"],
    ["a chain of exports", "libs/a/src/a.ts", 'export * from "./b.js"', "name what is exported"],
    [
      "a clock from elsewhere",
      "libs/a/src/a.ts",
      'import { type Clock, sleep } from "@sprtn/runtime";',
      "@sprtn/ports",
    ],
    ["errors told in prose", "libs/a/src/a.ts", "/**\n * Reads it. Throws BAD_FILE.\n */", "@throws"],
    ["a metric made elsewhere", "libs/a/src/a.ts", "const made = meter.counter({ name });", "-metrics.ts"],
    [
      "dependencies for all to see",
      "libs/a/src/a.ts",
      "constructor(private readonly dependencies: A) {}",
      "#dependencies",
    ],
    ["a citation that nobody can follow", "libs/a/src/a.ts", "/** A fee, wei [004]. */", "libs/protocol/spec"],
    ["folders made by the system", "libs/a/src/a.ts", "await mkdir(dirname(path), { recursive: true });", "makeFolder"],
    ["an exclusive test", "libs/a/src/a.test.ts", 'it.only("x")', "exclusive"],
  ];
  for (const [what, path, source, text] of broken) {
    it(`report ${what}`, () => {
      const problems = check(path, source);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.contain(text);
    });
  }

  it("report a package that does not say which Node it needs", () => {
    expect(checkHouseRules([{ name: "a", manifest: {}, files: [] }])).to.have.length(1);
    expect(checkHouseRules([{ name: "a", manifest: { engines: { node: ">=20" } }, files: [] }])).to.deep.equal([]);
  });

  it("take what keeps the conventions", () => {
    expect(check("libs/a/src/a-metrics.ts", "export const made = (meter) => meter.counter({ name });")).to.deep.equal(
      [],
    );
    expect(check("libs/a/src/a.ts", "/** Reads it. @throws BAD_FILE */")).to.deep.equal([]);
    expect(check("libs/a/src/a.ts", "/** Throws in the call, before anything changes. */")).to.deep.equal([]);
    expect(check("libs/a/src/a.ts", 'import type { Clock } from "@sprtn/ports";')).to.deep.equal([]);
  });

  it("let tests throw bare errors", () => {
    expect(check("libs/a/src/a.test.ts", 'throw new Error("no")')).to.deep.equal([]);
  });
});
