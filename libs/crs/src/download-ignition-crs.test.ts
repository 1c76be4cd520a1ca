import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { systemClock } from "@sprtn/observability/system";
import { CrsErrorCode } from "./crs-error.js";
import { downloadIgnitionCrs } from "./download-ignition-crs.js";
import { failure } from "./test/failure.js";
import { temporaryDirectory } from "./test/temporary-directory.js";

/** Stands for the ceremony's points, which no test can download. */
const all = Buffer.from(Array.from({ length: 32 * 64 }, (_, i) => (i * 7) % 251));
const known = {
  digestPoints: 16,
  digests: [0, 1, 2, 3].map(i =>
    createHash("sha256")
      .update(all.subarray(512 * i, 512 * (i + 1)))
      .digest("hex"),
  ),
};

describe("downloadIgnitionCrs", () => {
  let folder: string;
  let asked: string[];
  /** A server's answer to a range; `undefined` for none. */
  let answer: (url: string, from: number, to: number) => Response | undefined;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(new Headers(init?.headers).get("Range") ?? "") as unknown as [
      string,
      string,
      string,
    ];
    asked.push(`${new URL(String(input)).host} ${from}`);
    return (
      answer(String(input), Number(from), Number(to) + 1) ??
      Promise.reject(new TypeError("fetch failed", { cause: new TypeError("getaddrinfo ENOTFOUND") }))
    );
  };
  const download = (points = 40, signal?: AbortSignal) =>
    downloadIgnitionCrs({ clock: systemClock, fetch }, { folder, points, known, signal });
  const served = (from: number, to: number) => new Response(all.subarray(from, to), { status: 206 });

  beforeEach(() => {
    folder = join(temporaryDirectory(), "ignition");
    asked = [];
    answer = (_, from, to) => served(from, to);
  });

  it("gets whole pieces, compressed, from bb's host", async () => {
    await download();
    expect(asked).to.deep.equal([0, 512, 1024].map(from => `crs.aztec-cdn.foundation ${from}`));
    expect(readFileSync(join(folder, "bn254_g1_compressed.dat")).equals(all.subarray(0, 32 * 48))).to.equal(true);
    expect(readFileSync(join(folder, "bn254_g2.dat")).length).to.equal(128);
  });

  it("turns to the other host when the first does not answer, answers wrongly, or sends everything", async () => {
    for (const bad of [
      () => undefined,
      () => new Response("no", { status: 404 }),
      () => new Response(all),
      () => new Response(all.subarray(1, 513), { status: 206 }),
      () => new Response(all.subarray(0, 1024), { status: 206 }),
    ]) {
      folder = join(temporaryDirectory(), "ignition");
      asked = [];
      answer = (url, from, to) => (url.includes("foundation") ? bad() : served(from, to));
      await download(16);
      expect(asked).to.deep.equal(["crs.aztec-cdn.foundation 0", "crs.aztec-labs.com 0"]);
    }
  });

  it("goes on where it failed, and gets a damaged piece again", async () => {
    answer = (_, from, to) => (from === 1024 ? undefined : served(from, to));
    const { code, message } = await failure(download());
    expect(code).to.equal(CrsErrorCode.DOWNLOAD_FAILED);
    expect(message).to.contain("getaddrinfo ENOTFOUND");
    writeFileSync(join(`${folder}.partial`, "0-16"), "torn");
    answer = (_, from, to) => served(from, to);
    asked = [];
    await download();
    expect(asked.map(line => line.split(" ")[1])).to.deep.equal(["0", "1024"]);
  });

  it("ends when it is told to", async () => {
    const controller = new AbortController();
    answer = () => (controller.abort(), undefined);
    expect((await failure(download(40, controller.signal))).code).to.equal("RUNTIME_ABORTED");
    expect(asked.length).to.equal(1);
  });

  it("does not get what it cannot check", async () => {
    expect((await failure(download(65))).code).to.equal(CrsErrorCode.BAD_SIZE);
  });
});
