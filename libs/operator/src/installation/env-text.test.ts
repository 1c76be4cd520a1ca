import { parseEnvFile } from "@sprtn/settings";
import { expect } from "chai";
import fc from "fast-check";
import { envText } from "./env-text.js";

const value = fc
  .string({ unit: "grapheme" })
  .filter(text => !/[\p{Cc}\u2028\u2029]/u.test(text) && text.trim() === text && !text.includes("\\"));
const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/);

describe("a node's .env", () => {
  const read = (text: string) => Object.fromEntries(parseEnvFile(".env", text).values);

  it("says what was written, whatever the value and whatever was there before", () => {
    const entries = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key });
    fc.assert(
      fc.property(entries, entries, (before, after) => {
        const text = envText(new Map(after), envText(new Map(before), undefined));
        expect(read(text)).to.deep.equal({ ...Object.fromEntries(before), ...Object.fromEntries(after) });
        expect(envText(new Map(after), text)).to.equal(text);
      }),
    );
  });

  it("keeps comments, variables of others and their order; takes away what is no longer set", () => {
    const before = "# mine\nLOG_LEVEL=debug # loud\nAZTEC_PORT=1\nexport OLD='x y'\n\nAZTEC_PORT=2\n";
    const after = envText(
      new Map([
        ["AZTEC_PORT", "8081"],
        ["OLD", undefined],
        ["NEW", "it's # 1"],
      ]),
      before,
    );
    expect(after).to.equal('# mine\nLOG_LEVEL=debug # loud\nAZTEC_PORT=8081\n\nNEW="it\'s # 1"\n');
  });
});
