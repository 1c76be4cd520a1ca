import { expect } from "chai";
import { checkFigures } from "./figures.mjs";

const gates = { transfer: 33_944, "tx-base": 857_019 };
const gas = { "processProvenBlock, 32 blocks, with a real proof": 940_732 };
const page = [
  "| circuit | gates | CPU s |",
  "| transfer, in the wallet | 33,944 | 2 |",
  "| transfer, WASM | | |",
  "| tx-base | 857,019 | 31 |",
  "It costs 940,732 gas.",
].join("\n");

describe("figures that a page copies", () => {
  it("are those of the snapshots", () => {
    expect(checkFigures({ page, gates, gas })).to.deep.equal([]);
  });

  it("are reported when a circuit or its gates changed", () => {
    expect(checkFigures({ page, gates: { ...gates, "tx-base": 857_023 }, gas })).to.deep.equal([
      "docs/proving.md: tx-base has 857,023 gates in libs/circuits/src/gates.ts, not 857,019",
    ]);
    expect(checkFigures({ page, gates: { transfer: 33_944 }, gas })).to.deep.equal([
      "docs/proving.md: tx-base is no circuit of libs/circuits/src/gates.ts",
    ]);
  });

  it("are reported when a circuit is missing", () => {
    expect(checkFigures({ page, gates: { ...gates, "block-root-two": 1_623_864 }, gas })).to.deep.equal([
      "docs/proving.md: the table lacks block-root-two; npm run bench:proofs measures it",
    ]);
  });

  it("are reported when the gas changed", () => {
    const changed = { "processProvenBlock, 32 blocks, with a real proof": 940_648 };
    expect(checkFigures({ page, gates, gas: changed })).to.have.length(1);
  });
});
