import { expect } from "chai";
import type { FeedState } from "@sprtn/feed";
import { addressOf, hashOf, NOW_MS } from "../test/network.js";
import { scenes } from "../test/scenes.js";
import { searchChoices } from "./search.js";

const state = scenes["healthy"]?.() as FeedState;
const labels = (query: string) => searchChoices(query, state, NOW_MS).map(({ label }) => label);
const hrefs = (query: string) => searchChoices(query, state, NOW_MS).map(({ href }) => href);

describe("search", () => {
  it("offers all that a number may mean, and exists", () => {
    expect(labels("120")).to.deep.equal(["Block 120", "Slot 120", "Epoch 120"]);
    expect(labels("4 800")).to.deep.equal(["Slot 4800"]);
    expect(hrefs("#4783")).to.deep.equal(["#/block/4783", "#/slot/4783"]);
    expect(labels("999999")).to.deep.equal(["Block 999999"]);
  });

  it("knows the hashes of blocks on the page, and takes others for transactions", () => {
    expect(hrefs(hashOf(4_780))).to.deep.equal(["#/block/4780"]);
    const other = `0x${"9".repeat(64)}`;
    expect(hrefs(other.toUpperCase().replace("0X", "0x"))).to.deep.equal([`#/tx/${other}`]);
    expect(hrefs(other.slice(2))).to.deep.equal([`#/tx/${other}`]);
  });

  it("finds validators by address, and by its beginning", () => {
    const address = addressOf(3);
    expect(hrefs(address)).to.deep.equal([`#/validator/${address}`]);
    expect(hrefs(address.slice(0, 7))).to.deep.equal([`#/validator/${address}`]);
    expect(hrefs(`0x${"0".repeat(40)}`)).to.deep.equal([`#/validator/0x${"0".repeat(40)}`]);
  });

  it("finds nothing in what is none of these", () => {
    for (const query of ["", " ", "healthy", "0x", "0xzz", "-4", "1.5", "<script>", "0".repeat(65)])
      expect(labels(query), query).to.deep.equal([]);
  });
});
