import { bytesToUint, equalBytes, FIELD_MODULUS } from "@sprtn/primitives";
import { expect } from "chai";
import { devTau } from "../dev-points.js";
import { devPoint } from "../dev-sample.js";
import { firstOffCurve } from "./off-curve.js";
import { doublePoint, GENERATOR, invertFq, modFq } from "./fq.js";
import { PowersOfTau } from "./powers-of-tau.js";

const point = (bytes: Uint8Array, i: number) => bytes.subarray(64 * i, 64 * i + 64);

describe("PowersOfTau", () => {
  for (const windowBits of [4, 7, 10]) {
    it(`makes noble's points with windows of ${windowBits} bits`, () => {
      const points = new PowersOfTau({ tau: devTau(), windowBits }).points(0, 33);
      for (let i = 0; i < 33; i++) expect(equalBytes(point(points, i), devPoint(i)), `point ${i}`).to.equal(true);
    });
  }

  it("starts anywhere and crosses its batches without a seam", () => {
    const powers = new PowersOfTau({ tau: devTau(), windowBits: 8 });
    const points = powers.points(1_000_000, 4099);
    for (const i of [0, 1, 4095, 4096, 4098])
      expect(equalBytes(point(points, i), devPoint(1_000_000 + i)), `point ${i}`).to.equal(true);
    expect(equalBytes(powers.points(1_004_096, 3), points.subarray(64 * 4096))).to.equal(true);
  });

  it("makes points of small scalars, and of those next to the order", () => {
    const [two] = [new PowersOfTau({ tau: 2n, windowBits: 8 }).points(0, 8)];
    let expected = GENERATOR;
    for (let i = 0; i < 8; i++, expected = doublePoint(expected)) {
      expect([
        bytesToUint(two.subarray(64 * i, 64 * i + 32)),
        bytesToUint(two.subarray(64 * i + 32, 64 * i + 64)),
      ]).to.deep.equal([expected.x, expected.y]);
    }
    // (−1)^i: the generator and its negative in turn.
    const turns = new PowersOfTau({ tau: FIELD_MODULUS - 1n, windowBits: 6 }).points(0, 4);
    expect([0, 1, 2, 3].map(i => bytesToUint(turns.subarray(64 * i + 32, 64 * i + 64)))).to.deep.equal([
      2n,
      modFq(-2n),
      2n,
      modFq(-2n),
    ]);
  });

  it("takes larger tables for more points", () => {
    expect([100, 10_000, 2 ** 20].map(points => PowersOfTau.windowBitsFor(points))).to.deep.equal([6, 11, 16]);
  });
});

describe("invertFq", () => {
  it("inverts", () => {
    for (const value of [1n, 2n, modFq(-1n), devTau()]) expect(modFq(value * invertFq(value))).to.equal(1n);
  });
});

describe("firstOffCurve", () => {
  const points = new PowersOfTau({ tau: devTau(), windowBits: 6 }).points(0, 33);

  it("likes points of the curve, an odd number of them too", () => {
    expect(firstOffCurve(points)).to.equal(-1);
    expect(firstOffCurve(points.subarray(0, 64))).to.equal(-1);
  });

  it("finds any change, in either lane and in the last point", () => {
    for (const [i, byte] of [
      [0, 0],
      [7, 31],
      [8, 63],
      [32, 40],
    ] as const) {
      const changed = points.slice();
      changed[64 * i + byte] = (changed[64 * i + byte] as number) ^ 2;
      expect(firstOffCurve(changed), `point ${i}, byte ${byte}`).to.equal(i);
    }
  });

  it("refuses coordinates that are not reduced", () => {
    const changed = points.slice();
    // The generator's x as 1 + p.
    changed.set(
      Buffer.from(
        (1n + 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n).toString(16).padStart(64, "0"),
        "hex",
      ),
      0,
    );
    expect(firstOffCurve(changed)).to.equal(0);
  });
});
