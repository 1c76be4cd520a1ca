import { execFile, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { openCrs } from "../open-crs.js";
import { failure } from "../test/failure.js";
import { temporaryDirectory } from "../test/temporary-directory.js";
import { generateDevCrs } from "./generate-dev-crs.js";

const program = fileURLToPath(new URL("../test/prepare-dev-crs.js", import.meta.url));
const files = ["bn254_g1.dat", "bn254_g1_compressed.dat", "bn254_g2.dat"];
const read = (folder: string) => files.map(name => readFileSync(join(folder, name)));

const POINTS = 2 ** 10 + 1;
const PIECE = 2 ** 7;

/** Generates and tells how many points were there before, of all that were reported. */
async function generate(
  folder: string,
  points = POINTS,
  settings: { readonly piecePoints?: number; readonly threads?: number } = {},
): Promise<number> {
  const reported: number[] = [];
  await generateDevCrs({
    folder,
    points,
    piecePoints: PIECE,
    threads: 1,
    onProgress: ({ done }) => reported.push(done),
    ...settings,
  });
  expect(reported, "progress never goes back").to.deep.equal(reported.toSorted((a, b) => a - b));
  return reported[0] ?? points;
}

describe("generateDevCrs", () => {
  let whole: string;
  let folder: string;
  /** A process makes the points of `folder`, and is killed as soon as pieces of so many are saved. */
  const interruptAt = (points: number) => {
    const args = [join(folder, ".."), POINTS, PIECE, points].map(String);
    expect(spawnSync(process.execPath, [program, ...args]).signal).to.equal("SIGKILL");
  };

  before(async () => {
    whole = join(temporaryDirectory(), "dev");
    await generate(whole);
  });

  beforeEach(() => {
    folder = join(temporaryDirectory(), "dev");
  });

  it("makes the same files, whatever the pieces and threads", async () => {
    expect((await openCrs(whole, { kind: "dev", points: POINTS })).points).to.equal(POINTS);
    await generate(folder, POINTS, { piecePoints: 500, threads: 2 });
    expect(read(folder)).to.deep.equal(read(whole));
    expect(readdirSync(join(folder, ".."))).to.deep.equal(["dev"]);
  });

  it("makes a small CRS that begins a larger one, and makes it larger from what is there", async () => {
    await generate(folder, 2 ** 9);
    const [small] = read(folder);
    expect(small?.equals((read(whole)[0] as Buffer).subarray(0, 64 * 2 ** 9))).to.equal(true);
    expect(await generate(folder)).to.equal(2 ** 9);
    expect(read(folder)).to.deep.equal(read(whole));
  });

  for (const killAt of [3 * PIECE, 6 * PIECE]) {
    it(`goes on after kill -9 at ${killAt} points`, async () => {
      interruptAt(killAt);
      expect(existsSync(join(folder, "crs.json"))).to.equal(false);
      expect(await generate(folder)).to.be.at.least(killAt);
      expect(read(folder)).to.deep.equal(read(whole));
      expect(existsSync(`${folder}.partial`)).to.equal(false);
    });
  }

  it("ends when it is told to, and goes on with what was saved", async () => {
    const controller = new AbortController();
    const request = { folder, points: POINTS, piecePoints: PIECE, threads: 1, signal: controller.signal };
    const aborted = await failure(generateDevCrs({ ...request, onProgress: () => controller.abort() }));
    expect(aborted.code).to.equal("RUNTIME_ABORTED");
    expect(existsSync(join(folder, "crs.json"))).to.equal(false);
    await generate(folder);
    expect(read(folder)).to.deep.equal(read(whole));
  });

  it("makes torn, altered and foreign pieces again", async () => {
    interruptAt(6 * PIECE);
    const pieces = readdirSync(`${folder}.partial`).filter(name => /^\d+-128$/.test(name));
    expect(pieces.length).to.be.at.least(6);
    const [torn, altered, swapped] = pieces.map(name => join(`${folder}.partial`, name)) as [string, string, string];
    writeFileSync(torn, readFileSync(torn).subarray(0, 4000));
    writeFileSync(altered, readFileSync(altered).fill(7, 100, 101));
    writeFileSync(swapped, readFileSync(join(`${folder}.partial`, pieces[4] as string)));
    expect(await generate(folder)).to.equal((pieces.length - 3) * PIECE);
    expect(read(folder)).to.deep.equal(read(whole));
  });

  it("is made by one of two processes that start at once; the other waits", async () => {
    const cache = join(folder, "..");
    const runs = await Promise.all(
      [1, 2].map(() => promisify(execFile)(process.execPath, [program, cache, String(POINTS), String(PIECE)])),
    );
    const results = runs.map(({ stdout }) => JSON.parse(stdout) as { made: number; waited: boolean });
    expect(results.map(({ made }) => made).sort((a, b) => a - b)).to.deep.equal([0, POINTS]);
    expect(read(folder)).to.deep.equal(read(whole));
  });

  it("is taken over from a process that died with the lock", async () => {
    const cache = join(folder, "..");
    interruptAt(5 * PIECE);
    expect(existsSync(`${folder}.lock`)).to.equal(true);
    const { stdout } = await promisify(execFile)(process.execPath, [program, cache, String(POINTS), String(PIECE)]);
    const { made, waited } = JSON.parse(stdout) as { made: number; waited: boolean };
    expect(waited).to.equal(false);
    expect(made)
      .to.be.greaterThan(0)
      .and.at.most(POINTS - 5 * PIECE);
    expect(readdirSync(cache)).to.deep.equal(["dev"]);
  });
});
