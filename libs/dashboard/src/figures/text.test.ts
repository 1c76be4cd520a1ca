import { expect } from "chai";
import { bytes, count, foreign, plural, rate, seconds, short, span, wei } from "./text.js";

describe("texts of figures", () => {
  it("shows at most 64 characters of somebody else's, and none that disguises others", () => {
    expect(foreign("sprtn/0.1.0")).to.equal("sprtn/0.1.0");
    expect(foreign("a\u202eb\u0000c\u200bd\ne")).to.equal("a·b·c·d·e");
    expect([...foreign("é".repeat(64))]).to.have.length(64);
    const long = foreign("x".repeat(65));
    expect([...long]).to.have.length(64);
    expect(long.endsWith("…")).to.equal(true);
    expect([...foreign("😀".repeat(200))]).to.have.length(64);
    expect(foreign("<b>")).to.equal("<b>");
  });

  it("shortens hashes and addresses", () => {
    expect(short(`0x90f7${"0".repeat(32)}abcd`)).to.equal("0x90f7…abcd");
    expect(short("0x1234")).to.equal("0x1234");
  });

  it("groups thousands", () => {
    expect([0, 999, 1_000, 1_234_567].map(count)).to.deep.equal(["0", "999", "1\u202f000", "1\u202f234\u202f567"]);
    expect(plural(1, "tx", "txs")).to.equal("1 tx");
    expect(plural(0, "slot")).to.equal("0 slots");
  });

  it("names spans in at most two units", () => {
    const spans = [-3, 0, 59.4, 59.6, 60, 61, 599, 601, 3_599, 3_600, 3_660, 86_400, 90_061];
    expect(spans.map(one => span(one).replaceAll("\u00a0", " "))).to.deep.equal([
      "0 s",
      "0 s",
      "59 s",
      "1 min",
      "1 min",
      "1 min 1 s",
      "9 min 59 s",
      "10 min",
      "59 min",
      "1 h",
      "1 h 1 min",
      "1 d",
      "1 d 1 h",
    ]);
    expect(seconds(2_440)).to.equal("2.4");
  });

  it("chooses units of bytes, wei and rates", () => {
    expect([0, 999, 1_000, 612_000, 312e6, 4.2e9, 7e12].map(bytes)).to.deep.equal([
      "0 B",
      "999 B",
      "1.0 kB",
      "612 kB",
      "312 MB",
      "4.2 GB",
      "7000 GB",
    ]);
    const amounts = ["0", "88000", "95726898", "1240000000", "10000000000", "262144000000000", `1${"0".repeat(18)}`];
    expect([...amounts, "-1", "1e9"].map(wei)).to.deep.equal([
      "0 wei",
      "88\u202f000 wei",
      "0.095 Gwei",
      "1.24 Gwei",
      "10 Gwei",
      "0.000262 ETH",
      "1 ETH",
      "–",
      "–",
    ]);
    expect([0, 2.218, 12.34, 123.4].map(rate)).to.deep.equal(["0.00", "2.22", "12.3", "123"]);
  });
});
