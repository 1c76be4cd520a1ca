import { expect } from "chai";
import { parseRoute, titleOf } from "./routes.js";

const hash = `0x${"aB".repeat(32)}`;
const address = `0x${"cD".repeat(20)}`;

describe("routes", () => {
  it("are read from the fragment", () => {
    expect(["", "#", "#/", "/"].map(parseRoute)).to.deep.equal(Array.from({ length: 4 }, () => ({ page: "overview" })));
    expect(parseRoute("#/block/7")).to.deep.equal({ page: "block", id: 7 });
    expect(parseRoute("#/epoch/0")).to.deep.equal({ page: "epoch", id: 0 });
    expect(parseRoute("#/slot/4294967295")).to.deep.equal({ page: "slot", id: 2 ** 32 - 1 });
    expect(parseRoute(`#/tx/${hash}`)).to.deep.equal({ page: "tx", id: hash.toLowerCase() });
    expect(parseRoute(`#/validator/${address}`)).to.deep.equal({ page: "validator", id: address.toLowerCase() });
    for (const page of ["peers", "mempool", "about"]) expect(parseRoute(`#/${page}`)).to.deep.equal({ page });
  });

  for (const path of [
    "block",
    "block/-1",
    "block/4294967296",
    "block/7/8",
    "block/0x7",
    "tx/0x12",
    `tx/${hash}0`,
    "validator/me",
    "peers/1",
    "constructor",
    "__proto__/1",
    "toString/0x1",
  ])
    it(`say of #/${path} that nothing is there`, () =>
      expect(parseRoute(`#/${path}`)).to.deep.equal({ page: "unknown", path }));

  it("have titles", () => {
    const titles = ["", "block/7", "peers", "mempool", "about", `tx/${hash}`, "x"].map(one => titleOf(parseRoute(one)));
    expect(titles).to.deep.equal([
      "Overview",
      "Block 7",
      "Peers",
      "Mempool",
      "About this node",
      "Transaction",
      "Nothing here",
    ]);
    expect(titleOf(parseRoute(`validator/${address}`))).to.equal("Validator 0xcdcd…cdcd");
  });
});
