import { expect } from "chai";
import { judge, keyOf } from "./argued.mjs";

const file = "libs/consensus/src/time.ts";
const mutant = (original, result) => ({ file, original, kind: "< → <=", result });

describe("argued mutants", () => {
  it("a mutant alive is missing until there is a reason for it", () => {
    const alive = mutant("a < b", "survived");
    expect(judge([alive], {}, "libs/consensus/").missing).to.deep.equal([alive]);
    const { explained, missing, stale } = judge([alive], { [keyOf(alive)]: "equal" }, "libs/consensus/");
    expect([explained, missing, stale]).to.deep.equal([[alive], [], []]);
  });

  it("a reason is stale when its mutant is gone or killed, not while it is still to be run", () => {
    const argued = {
      [keyOf(mutant("killed < b"))]: "",
      [keyOf(mutant("gone < b"))]: "",
      [keyOf(mutant("open < b"))]: "",
      "libs/validator/src/other.ts | x | true": "",
    };
    const { stale } = judge([mutant("killed < b", "killed"), mutant("open < b", "not run")], argued, "libs/consensus/");
    expect(stale).to.deep.equal([keyOf(mutant("killed < b")), keyOf(mutant("gone < b"))]);
  });
});
