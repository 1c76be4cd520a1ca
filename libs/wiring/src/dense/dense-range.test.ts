import { expect } from "chai";
import { denseRange } from "./dense-range.js";

describe("a range of validators", () => {
  for (const [text, range] of [
    ["0..0", { first: 0, last: 0 }],
    ["0..63", { first: 0, last: 63 }],
    ["64..127", { first: 64, last: 127 }],
    ["0..9999", { first: 0, last: 9999 }],
  ] as const)
    it(`${text} is taken`, () => {
      expect(denseRange.read(text)).to.deep.equal(range);
      expect(denseRange.format?.(range)).to.equal(text);
    });

  for (const text of ["", "5", "5..", "..5", "6..5", "0...5", "-1..5", "0..10000", "0x1..5", "a..b", "0..5,7..9"])
    it(`"${text}" is refused`, () => expect(denseRange.read(text)).to.equal(undefined));
});
