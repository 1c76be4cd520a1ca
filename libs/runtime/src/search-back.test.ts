import { expect } from "chai";
import fc from "fast-check";
import { searchBack } from "./search-back.js";

describe("searchBack", () => {
  const search = async (range: { readonly top: number; readonly reach: number }, from: number) => {
    const asked: number[] = [];
    const found = await searchBack(range, async at => asked.push(at) > 0 && at >= from);
    return { found, asked };
  };

  it("finds where it begins to hold, within its reach, and asks for nothing beyond it", () =>
    fc.assert(
      fc.asyncProperty(fc.nat(5_000), fc.nat(300), fc.integer({ min: -10, max: 5_010 }), async (top, reach, from) => {
        const { found, asked } = await search({ top, reach }, from);
        const lowest = Math.max(0, top - reach);
        expect(found).to.equal(from > top ? undefined : Math.max(from, lowest));
        expect(asked.every(at => at >= lowest && at <= top)).to.equal(true);
      }),
    ));

  it("asks few questions", async () => {
    expect((await search({ top: 1_000, reach: 128 }, 1_000)).asked).to.deep.equal([1_000, 999]);
    expect((await search({ top: 1_000, reach: 128 }, 900)).asked.length).to.be.at.most(16);
    expect((await search({ top: 1_000, reach: 128 }, 0)).asked.length).to.be.at.most(10);
  });
});
