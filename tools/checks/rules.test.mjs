import { expect } from "chai";
import { checkRules, definedRules } from "./rules.mjs";

const spec = "# Rules\n- **TIME-1** One.\n- **TX-2** Two.\n";
const files = [{ path: "a.ts", source: "// TIME-1: x\n// TX-2: y" }];

describe("rule check", () => {
  it("reads the list", () => {
    expect(definedRules(spec)).to.deep.equal(["TIME-1", "TX-2"]);
  });

  it("passes when every quoted rule is defined and every rule quoted", () => {
    expect(checkRules(spec, files)).to.deep.equal([]);
  });

  it("reports a rule that does not exist", () => {
    expect(checkRules(spec, [...files, { path: "b.ts", source: "/** PEND-99 */" }])).to.deep.equal([
      "b.ts: PEND-99 is not a rule of libs/protocol/spec/rules.md; define it there, or quote another",
    ]);
  });

  it("reports a rule that nothing quotes, and one that is defined twice", () => {
    expect(checkRules(spec, [{ path: "a.ts", source: "TIME-1" }])).to.deep.equal([
      "libs/protocol/spec/rules.md: no code and no test quotes TX-2",
    ]);
    expect(checkRules(`${spec}- **TX-2** Again.\n`, files)).to.deep.equal([
      "libs/protocol/spec/rules.md: TX-2 is defined twice",
    ]);
  });
});
