import { expect } from "chai";
import { OngoingTrouble } from "./index.js";

describe("ongoing trouble", () => {
  it("is news once, until it becomes another or is over", () => {
    const trouble = new OngoingTrouble();
    expect(trouble.end()).to.equal(undefined);
    expect([trouble.isNew("A"), trouble.isNew("A"), trouble.isNew("B"), trouble.isNew("A")]).to.deep.equal([
      true,
      false,
      true,
      true,
    ]);
    expect(trouble.code).to.equal("A");
    expect(trouble.end()).to.equal("A");
    expect([trouble.code, trouble.end(), trouble.isNew("A")]).to.deep.equal([undefined, undefined, true]);
  });
});
