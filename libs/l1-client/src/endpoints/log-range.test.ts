import { expect } from "chai";
import { LogRange } from "./log-range.js";

describe("LogRange", () => {
  it("halves what was refused, down to one block", () => {
    const range = new LogRange(100);
    expect(range.refused(100)).to.equal(true);
    expect(range.size).to.equal(50);
    // The range asked for may have been shorter than what could be asked for.
    range.refused(7);
    expect(range.size).to.equal(4);
    range.refused(4);
    range.refused(2);
    expect(range.size).to.equal(1);
    expect(range.refused(1)).to.equal(false);
    expect(range.size).to.equal(1);
  });

  it("grows again slowly, by requests of full size, never beyond the setting", () => {
    const range = new LogRange(100);
    range.refused(100);
    for (let i = 0; i < 100; i++) range.accepted(49);
    expect(range.size).to.equal(50);
    for (let i = 0; i < 15; i++) range.accepted(50);
    expect(range.size).to.equal(50);
    range.accepted(50);
    expect(range.size).to.equal(100);
    for (let i = 0; i < 100; i++) range.accepted(100);
    expect(range.size).to.equal(100);
  });
});
