import { expect } from "chai";
import { pack } from "./committed-results.mjs";
import { KeptResults, namesOf, standing, stillHolds } from "./kept-results.mjs";

describe("results of an earlier run", () => {
  const before = { "a.js": "1", "b.js": "1", "a.test.js": "1", "b.test.js": "1" };
  const holds = (kept, changes) => stillHolds(kept, { module: "a.js", before, now: { ...before, ...changes } });

  it("a kill holds until its module or its test changes", () => {
    const kill = { result: "killed", by: "a.test.js" };
    expect(holds(kill, { "b.test.js": "2", "b.js": "2" })).to.equal(true);
    expect(holds(kill, { "a.test.js": "2" })).to.equal(false);
    expect(holds(kill, { "a.js": "2" })).to.equal(false);
  });

  it("a mutant alive is run again after any change, also when a test came in", () => {
    for (const result of ["survived", "not reached"]) {
      expect(holds({ result }, {})).to.equal(true);
      expect(holds({ result }, { "b.test.js": "2" })).to.equal(false);
      expect(holds({ result }, { "new.test.js": "1" })).to.equal(false);
    }
  });

  it("of a mutant alive the test files that are the same need not run again", () => {
    const open = { result: "survived", passed: ["a.test.ts", "b.test.ts"] };
    const files = { "A.sol": "1", "t/a.test.ts": "1", "t/b.test.ts": "1" };
    const left = changes => standing(open, { module: "A.sol", before: files, now: { ...files, ...changes } });
    expect(left({})).to.equal(open);
    expect(left({ "t/b.test.ts": "2" })).to.deep.equal({ result: "open", passed: ["a.test.ts"] });
    expect(left({ "t/c.test.ts": "1" })).to.deep.equal({ result: "open", passed: open.passed });
    expect(left({ "A.sol": "2" })).to.equal(undefined);
  });

  it("committed results come back, but for modules that changed and results that do not hold", () => {
    const mutantsOf = module => [0, 1, 2].map(n => ({ module, file: `${module}.ts`, original: `x${n}`, kind: "k" }));
    const mutants = [...mutantsOf("a.js"), ...mutantsOf("b.js")];
    const digests = { "a.js": "1".repeat(64), "b.js": "2".repeat(64), "a.test.js": "3".repeat(64) };
    const known = [
      { result: "killed", by: "a.test.js" },
      { result: "survived" },
      { result: "killed" },
      { result: "invalid" },
      { result: "open", passed: [] },
      { result: "not reached" },
    ];
    const none = "/dev/null/none";
    const names = namesOf(mutants);
    const committed = JSON.parse(JSON.stringify(pack({ mutants, names, digests, of: i => known[i] })));
    const read = (list, now) => {
      const kept = new KeptResults(none, { mutants: list, digests: now, committed });
      return list.map((_, i) => kept.of(i));
    };
    const back = known.map(one => (one.result === "open" ? undefined : one));
    expect(read(mutants, digests)).to.deep.equal(back);
    expect(read(mutants, { ...digests, "a.js": "4".repeat(64) })).to.deep.equal([...Array(3), back[3], ...Array(2)]);
    expect(read(mutants, { ...digests, "a.test.js": "4".repeat(64) })).to.deep.equal([
      ...Array(3),
      back[3],
      ...Array(2),
    ]);
    expect(read(mutants.slice(1), digests).slice(0, 2)).to.deep.equal([undefined, undefined]);
  });

  it("the same change at two places has two names", () => {
    const mutant = { file: "f.ts", original: "a < b", kind: "< → <=" };
    expect(new Set(namesOf([mutant, mutant, { ...mutant, kind: "< → >=" }])).size).to.equal(3);
  });
});
