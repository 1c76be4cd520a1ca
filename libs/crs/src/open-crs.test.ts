import { cpSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CrsKind } from "@sprtn/protocol";
import { expect } from "chai";
import { CrsErrorCode } from "./crs-error.js";
import { generateDevCrs } from "./generate/generate-dev-crs.js";
import { ignitionPoints } from "./ignition-points.js";
import { kindOfFolder, openCrs } from "./open-crs.js";
import { compressPoints, FIRST_POINT } from "./point-format.js";
import { failure } from "./test/failure.js";
import { temporaryDirectory } from "./test/temporary-directory.js";

const POINTS = 2 ** 8;

describe("openCrs", () => {
  let intact: string;
  let folder: string;
  const g1 = () => join(folder, "bn254_g1.dat");
  const compressed = () => join(folder, "bn254_g1_compressed.dat");
  const refusal = (kind: CrsKind = "dev", points = POINTS) => failure(openCrs(folder, { kind, points }));
  const flip = (path: string, at: number) => {
    const bytes = readFileSync(path);
    bytes[at] = (bytes[at] as number) ^ 4;
    writeFileSync(path, bytes);
  };

  before(async () => {
    intact = join(temporaryDirectory(), "dev");
    await generateDevCrs({ folder: intact, points: POINTS, threads: 1 });
  });

  beforeEach(() => {
    folder = join(temporaryDirectory(), "crs");
    cpSync(intact, folder, { recursive: true });
  });

  it("takes what is intact, with or without a record, in either format", async () => {
    expect(await openCrs(folder, { kind: "dev", points: 100 })).to.deep.equal({
      kind: "dev",
      folder,
      points: POINTS,
      g1File: g1(),
      pointBytes: 64,
    });
    rmSync(join(folder, "crs.json"));
    expect((await openCrs(folder, { kind: "dev", points: POINTS })).points).to.equal(POINTS);
    rmSync(g1());
    expect(await openCrs(folder, { kind: "dev", points: POINTS })).to.include({ g1File: compressed(), pointBytes: 32 });
  });

  it("takes the file that has enough points", async () => {
    rmSync(join(folder, "crs.json"));
    truncateSync(g1(), 64 * 10);
    expect(await openCrs(folder, { kind: "dev", points: 11 })).to.include({ points: POINTS, g1File: compressed() });
  });

  it("refuses the other kind, and points that are of neither or of both", async () => {
    const { code, message } = await refusal("ignition");
    expect(code).to.equal(CrsErrorCode.WRONG_KIND);
    expect(message).to.contain("holds the dev CRS").and.contain("ignition");
    writeFileSync(join(folder, "bn254_g2.dat"), ignitionPoints.g2);
    expect((await refusal()).code).to.equal(CrsErrorCode.WRONG_KIND);
    cpSync(intact, folder, { recursive: true });
    flip(compressed(), 33);
    expect((await refusal()).code).to.equal(CrsErrorCode.WRONG_KIND);
  });

  it("knows Ignition's points", async () => {
    const other = join(folder, "ignition");
    mkdirSync(other);
    const points = Buffer.concat([FIRST_POINT, ignitionPoints.second]);
    writeFileSync(join(other, "bn254_g1_compressed.dat"), compressPoints(points));
    writeFileSync(join(other, "bn254_g2.dat"), ignitionPoints.g2);
    expect(await kindOfFolder(other)).to.equal("ignition");
    writeFileSync(join(other, "bn254_g1.dat"), points);
    expect((await openCrs(other, { kind: "ignition", points: 2 })).points).to.equal(2);
    expect((await failure(openCrs(other, { kind: "dev", points: 2 }))).code).to.equal(CrsErrorCode.WRONG_KIND);
  });

  it("refuses files that are cut off, and a folder without points", async () => {
    truncateSync(g1(), 64 * 100 + 13);
    expect((await refusal()).code).to.equal(CrsErrorCode.TRUNCATED);
    cpSync(intact, folder, { recursive: true });
    truncateSync(join(folder, "bn254_g2.dat"), 64);
    expect((await refusal()).code).to.equal(CrsErrorCode.TRUNCATED);
    rmSync(join(folder, "bn254_g2.dat"));
    expect((await refusal()).code).to.equal(CrsErrorCode.NOT_FOUND);
    rmSync(g1());
    rmSync(compressed());
    expect((await refusal()).code).to.equal(CrsErrorCode.NOT_FOUND);
  });

  it("refuses a file that is not as recorded: shorter by whole points, or changed anywhere", async () => {
    truncateSync(g1(), 64 * 100);
    expect((await refusal("dev", 100)).code).to.equal(CrsErrorCode.ALTERED);
    for (const [path, at] of [
      [g1(), 64 * 200 + 5],
      [compressed(), 32 * 17],
    ] as const) {
      cpSync(intact, folder, { recursive: true });
      flip(path, at);
      expect((await refusal()).code).to.equal(CrsErrorCode.ALTERED);
    }
  });

  it("refuses changed points of which nothing is recorded", async () => {
    rmSync(join(folder, "crs.json"));
    flip(g1(), 64 * 77 + 63);
    const { code, message } = await refusal();
    expect(code).to.equal(CrsErrorCode.ALTERED);
    expect(message).to.contain("point 77 is not on the curve");
    cpSync(intact, folder, { recursive: true });
    rmSync(join(folder, "crs.json"));
    // On the curve, but another of its points.
    writeFileSync(g1(), Buffer.concat([readFileSync(g1()).subarray(0, -64), FIRST_POINT]));
    expect((await refusal()).message).to.contain(`point ${POINTS - 1} is not the dev CRS's`);
  });

  it("says when there are too few points", async () => {
    const { code, message } = await refusal("dev", POINTS + 1);
    expect(code).to.equal(CrsErrorCode.TOO_FEW_POINTS);
    expect(message)
      .to.contain(POINTS)
      .and.contain(POINTS + 1);
  });
});
