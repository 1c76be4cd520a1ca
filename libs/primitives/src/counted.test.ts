import { expect } from "chai";
import { counted } from "./index.js";

describe("counted", () => {
  it("one is not many, and none is", () => {
    expect([0, 1, 2].map(count => counted(count, "key"))).to.deep.equal(["0 keys", "1 key", "2 keys"]);
    expect([0, 1, 2].map(count => counted(count, "entry", "entries"))).to.deep.equal([
      "0 entries",
      "1 entry",
      "2 entries",
    ]);
  });
});
