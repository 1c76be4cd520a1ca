import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { systemClock } from "@sprtn/observability/system";
import { crsCacheFolder } from "./crs-cache-folder.js";
import { CrsErrorCode } from "./crs-error.js";
import { type CrsRequest, ensureCrs } from "./ensure-crs.js";
import { failure } from "./test/failure.js";
import { temporaryDirectory } from "./test/temporary-directory.js";

const POINTS = 2 ** 8;

describe("ensureCrs", () => {
  let cacheFolder: string;
  let logger: MemoryLogger;
  let made: number;
  const ensure = (request: Partial<CrsRequest> = {}) =>
    ensureCrs(
      {
        logger,
        clock: systemClock,
        fetch: () => Promise.reject(new TypeError("fetch failed", { cause: new RangeError("ENOTFOUND") })),
      },
      {
        kind: "dev",
        points: POINTS,
        cacheFolder,
        generation: { piecePoints: 128, threads: 1 },
        onProgress: ({ done }) => (made = done),
        ...request,
      },
    );

  let intact: string;

  before(async () => {
    intact = cacheFolder = temporaryDirectory();
    logger = new MemoryLogger();
    await ensure();
  });

  beforeEach(() => {
    cacheFolder = temporaryDirectory();
    logger = new MemoryLogger();
    made = 0;
  });

  it("makes a dev CRS loudly, and silently uses it ever after", async () => {
    const crs = await ensure();
    expect(crs).to.include({ kind: "dev", folder: join(cacheFolder, "dev"), points: POINTS });
    expect(logger.lines("warn").map(({ fields }) => fields)).to.deep.equal([{ points: POINTS, folder: crs.folder }]);
    made = 0;
    expect(await ensure({ points: 10 })).to.deep.equal(crs);
    expect([made, logger.lines("warn").length]).to.deep.equal([0, 1]);
  });

  it("makes it larger when more is needed", async () => {
    await ensure({ points: 64 });
    expect((await ensure()).points).to.equal(POINTS);
  });

  it("makes it once for all who ask at the same time", async () => {
    const crs = await Promise.all([ensure(), ensure(), ensure({ points: 64 })]);
    expect(crs.map(({ points }) => points)).to.deep.equal([POINTS, POINTS, POINTS]);
    expect(logger.lines("warn").length).to.equal(1);
  });

  for (const [what, damage] of [
    ["altered", (path: string) => writeFileSync(path, readFileSync(path).fill(3, 100, 101))],
    ["truncated", (path: string) => truncateSync(path, 999)],
    ["lost", (path: string) => rmSync(path)],
  ] as const) {
    for (const name of ["bn254_g1.dat", "bn254_g1_compressed.dat", "bn254_g2.dat", "crs.json"]) {
      it(`prepares it anew when ${name} is ${what}`, async () => {
        cpSync(intact, cacheFolder, { recursive: true });
        const folder = join(cacheFolder, "dev");
        damage(join(folder, name));
        expect((await ensure()).points).to.equal(POINTS);
        for (const file of ["bn254_g1.dat", "bn254_g1_compressed.dat", "bn254_g2.dat"])
          expect(readFileSync(join(folder, file)).equals(readFileSync(join(intact, "dev", file)))).to.equal(true);
        expect(existsSync(join(folder, "crs.json"))).to.equal(true);
      });
    }
  }

  it("uses CRS_PATH as it is, or refuses it, and never repairs it", async () => {
    cpSync(intact, cacheFolder, { recursive: true });
    const folder = join(cacheFolder, "dev");
    const elsewhere = join(cacheFolder, "none");
    expect((await ensure({ crsPath: folder, cacheFolder: elsewhere })).folder).to.equal(folder);
    expect((await failure(ensure({ crsPath: folder, kind: "ignition" }))).code).to.equal(CrsErrorCode.WRONG_KIND);
    expect((await failure(ensure({ crsPath: folder, points: POINTS + 1 }))).code).to.equal(CrsErrorCode.TOO_FEW_POINTS);
    truncateSync(join(folder, "bn254_g1.dat"), 6400);
    expect((await failure(ensure({ crsPath: folder }))).code).to.equal(CrsErrorCode.ALTERED);
    expect((await failure(ensure({ crsPath: elsewhere }))).code).to.equal(CrsErrorCode.NOT_FOUND);
    expect(existsSync(elsewhere)).to.equal(false);
  });

  it("says what to do when Ignition's points cannot be downloaded", async () => {
    const { code, message } = await failure(ensure({ kind: "ignition" }));
    expect(code).to.equal(CrsErrorCode.DOWNLOAD_FAILED);
    expect(message).to.contain("ENOTFOUND").and.contain("CRS_PATH");
  });

  it("refuses a size that makes no sense", async () => {
    for (const points of [0, 1, 2.5, -1, 2 ** 26, Number.NaN])
      expect((await failure(ensure({ points }))).code).to.equal(CrsErrorCode.BAD_SIZE);
    expect((await failure(ensure({ kind: "ignition", points: 2 ** 22 }))).code).to.equal(CrsErrorCode.BAD_SIZE);
  });

  it("says when the cache cannot be written", async () => {
    writeFileSync(join(cacheFolder, "file"), "");
    // Below a file, and where no folder can be made: there Node waits for ever if told to make those above it too.
    for (const unusable of [join(cacheFolder, "file"), "/proc/sprtn-test/crs"]) {
      const { code, message } = await failure(ensure({ cacheFolder: unusable }));
      expect(code).to.equal(CrsErrorCode.CACHE_UNUSABLE);
      expect(message).to.contain("CRS_CACHE");
    }
    // Root may write anywhere.
    if (process.getuid?.() === 0) return;
    const closed = join(cacheFolder, "closed");
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    expect((await failure(ensure({ cacheFolder: closed }))).code).to.equal(CrsErrorCode.CACHE_UNUSABLE);
  });
});

describe("crsCacheFolder", () => {
  it("is what is set, or below the user's cache", () => {
    expect(crsCacheFolder("/x", {})).to.equal("/x");
    expect(crsCacheFolder(undefined, { XDG_CACHE_HOME: "/c" })).to.equal("/c/sprtn/crs");
    expect(crsCacheFolder(undefined, {})).to.match(/\.cache\/sprtn\/crs$/);
  });
});
