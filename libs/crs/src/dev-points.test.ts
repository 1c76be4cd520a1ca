import { createHash } from "node:crypto";
import { equalBytes, toHex } from "@sprtn/primitives";
import { expect } from "chai";
import { kindOfPoints, knownPoints } from "./crs-kind.js";
import { DEV_FULL_DIGESTS, devPoints } from "./dev-points.js";
import { devG2Point, devPoint } from "./dev-sample.js";
import { ignitionPoints } from "./ignition-points.js";
import { compressPoints, FIRST_POINT } from "./point-format.js";

describe("the dev CRS's constants", () => {
  it("are made of its secret", () => {
    expect(toHex(devPoints.second)).to.equal(toHex(devPoint(1)));
    expect(toHex(devPoints.g2)).to.equal(toHex(devG2Point()));
    expect(equalBytes(devPoint(0), FIRST_POINT)).to.equal(true);
    expect(createHash("sha256").update(devPoints.g2).digest("hex")).to.equal(DEV_FULL_DIGESTS["bn254_g2.dat"]);
  });
});

describe("kindOfPoints", () => {
  it("tells the two apart, by points of either format", () => {
    for (const kind of ["ignition", "dev"] as const) {
      const { second, g2 } = knownPoints[kind];
      expect(kindOfPoints({ second, g2 })).to.equal(kind);
      expect(kindOfPoints({ second: compressPoints(second), g2 })).to.equal(kind);
    }
  });

  it("knows no mixture of them", () => {
    expect(kindOfPoints({ second: devPoints.second, g2: ignitionPoints.g2 })).to.equal(undefined);
    expect(kindOfPoints({ second: ignitionPoints.second, g2: devPoints.g2 })).to.equal(undefined);
  });
});
