import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { cachedCrs, repairedCrs } from "./cached-crs.js";
import { CrsError, CrsErrorCode } from "./crs-error.js";
import { ignitionPoints } from "./ignition-points.js";
import { readManifest, recordFile } from "./manifest.js";
import { compressPoints, FIRST_POINT } from "./point-format.js";
import { temporaryDirectory } from "./test/temporary-directory.js";

const expected = { kind: "ignition", points: 2 } as const;
const points = Buffer.concat([FIRST_POINT, ignitionPoints.second]);

describe("the cache's Ignition CRS, beside which bb writes its uncompressed points", () => {
  let folder: string;
  const g1 = () => join(folder, "bn254_g1.dat");
  const codeOfCached = async () =>
    cachedCrs(folder, expected).then(found => (found instanceof CrsError ? found.code : "fine"));

  beforeEach(async () => {
    folder = join(temporaryDirectory(), "ignition");
    mkdirSync(folder);
    writeFileSync(join(folder, "bn254_g1_compressed.dat"), compressPoints(points));
    writeFileSync(join(folder, "bn254_g2.dat"), ignitionPoints.g2);
    for (const name of ["bn254_g1_compressed.dat", "bn254_g2.dat"]) await recordFile(folder, name);
  });

  it("is used, and what bb wrote is checked and recorded", async () => {
    expect(await cachedCrs(folder, expected)).to.include({ pointBytes: 32 });
    writeFileSync(g1(), points);
    expect(await cachedCrs(folder, expected)).to.include({ pointBytes: 64 });
    expect(Object.keys((await readManifest(folder)) ?? {})).to.include("bn254_g1.dat");
  });

  it("stays when only bb's file is damaged, torn or gone", async () => {
    const off = Buffer.from(points);
    off[127] = (off[127] as number) ^ 2;
    for (const damaged of [off, points.subarray(0, 100), points.subarray(0, 64)]) {
      writeFileSync(g1(), points);
      await cachedCrs(folder, expected);
      writeFileSync(g1(), damaged);
      expect(await codeOfCached()).to.not.equal("fine");
      expect(await repairedCrs(folder, expected)).to.include({ points: 2, pointBytes: 32 });
      expect(existsSync(g1())).to.equal(false);
    }
  });

  it("is removed when the download itself is damaged", async () => {
    writeFileSync(g1(), points);
    const path = join(folder, "bn254_g1_compressed.dat");
    writeFileSync(path, readFileSync(path).subarray(0, 32));
    expect(await repairedCrs(folder, expected)).to.include({ code: CrsErrorCode.TRUNCATED });
    expect(existsSync(path)).to.equal(false);
  });
});
