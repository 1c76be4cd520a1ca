import { expect } from "chai";
import { namesOf, stillHolds } from "./kept-results.mjs";

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

  it("the same change at two places has two names", () => {
    const mutant = { file: "f.ts", original: "a < b", kind: "< → <=" };
    expect(new Set(namesOf([mutant, mutant, { ...mutant, kind: "< → >=" }])).size).to.equal(3);
  });
});
