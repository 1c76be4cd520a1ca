import { expect } from "chai";
import { checkLineLength } from "./line-length.mjs";

const check = (path, source) => checkLineLength([{ path, source }]);
const columns = (count, text = "") => text + "x".repeat(count - text.length);

describe("length of lines", () => {
  it("is 120 columns at most, in code, strings and prose", () => {
    for (const path of [
      "libs/a/src/a.ts",
      "contracts/src/A.sol",
      "libs/circuits/lib/src/a.nr",
      "docs/a.md",
      ".ci/run",
    ]) {
      expect(check(path, columns(120))).to.deep.equal([]);
      expect(check(path, `ok\n${columns(121)}\nok`)).to.deep.equal([
        `${path}:2: 121 columns, 120 at most; break the line`,
      ]);
    }
  });

  it("counts characters, not bytes", () => {
    expect(check("docs/a.md", "→".repeat(120))).to.deep.equal([]);
  });

  it("does not bind tables and URLs of Markdown", () => {
    expect(check("docs/a.md", columns(200, "| a | "))).to.deep.equal([]);
    expect(check("docs/a.md", columns(200, "[a](https://example.org/"))).to.deep.equal([]);
    expect(check("libs/a/src/a.ts", columns(200, "// https://example.org/"))).to.have.length(1);
  });
});
