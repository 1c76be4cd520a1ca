import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { findBbBinary } from "@aztec/bb.js/platform";
import { expect } from "chai";
import { CrsErrorCode } from "../crs-error.js";
import { devPoints } from "../dev-points.js";
import { ignitionPoints } from "../ignition-points.js";
import { failure } from "../test/failure.js";
import { temporaryDirectory } from "../test/temporary-directory.js";
import { barretenbergBinary } from "./barretenberg-binary.js";
import { barretenbergWasm } from "./barretenberg-wasm.js";
import { type Artefact, swapConstants } from "./built-in-constants.js";

const entry = import.meta.resolve("@aztec/bb.js");
const shipped = (path: string) => readFileSync(fileURLToPath(new URL(path, entry)));
const natives = ["amd64-linux", "arm64-linux", "amd64-macos", "arm64-macos"] as const;
const native = (platform: string) => shipped(`../../build/${platform}/bb`);
const wasm = () => gunzipSync(shipped("./barretenberg_wasm/barretenberg-threads.wasm.gz"));
const code = (work: () => unknown) => failure(Promise.resolve().then(work)).then(error => error.code);

describe("Ignition's constants", () => {
  it("are those of the bb that bb.js ships", () => {
    const bb = native("amd64-linux");
    for (const constant of [
      ignitionPoints.second,
      ignitionPoints.g2,
      Buffer.from(ignitionPoints.digests.join(""), "hex"),
    ])
      expect(bb.indexOf(constant)).to.be.greaterThan(0);
  });
});

describe("swapConstants", () => {
  for (const artefact of [...natives, "wasm-threads"] as const) {
    it(`finds every constant of ${artefact} where version 5.0.0 has it, once`, async () => {
      const original = artefact === "wasm-threads" ? wasm() : native(artefact);
      const swapped = swapConstants(original, artefact, "dev");
      expect(swapped.length).to.equal(original.length);
      const holds = (bytes: Uint8Array, constant: Uint8Array) =>
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(constant) >= 0;
      expect([holds(swapped, ignitionPoints.second), holds(swapped, devPoints.second)]).to.deep.equal([false, true]);
      expect([holds(swapped, ignitionPoints.g2), holds(swapped, devPoints.g2)]).to.deep.equal([
        false,
        artefact !== "wasm-threads",
      ]);
      expect(await code(() => swapConstants(swapped, artefact, "dev"))).to.equal(CrsErrorCode.OTHER_BARRETENBERG);
    });
  }

  it("refuses what is not exactly version 5.0.0's", async () => {
    const original = wasm();
    const twice = Buffer.concat([original, ignitionPoints.second]);
    const changed = Buffer.from(original);
    changed.set(Buffer.alloc(8), changed.indexOf(ignitionPoints.second));
    for (const bytes of [twice, changed, Buffer.alloc(0)])
      expect(await code(() => swapConstants(bytes, "wasm-threads", "dev"))).to.equal(CrsErrorCode.OTHER_BARRETENBERG);
    expect(await code(() => swapConstants(original, "amd64-linux", "dev"))).to.equal(CrsErrorCode.OTHER_BARRETENBERG);
  });

  it("refuses to touch anything for Ignition", async () => {
    for (const artefact of [...natives, "wasm", "wasm-threads"] as Artefact[])
      expect(await code(() => swapConstants(Buffer.alloc(9), artefact, "ignition"))).to.equal(
        CrsErrorCode.NO_SWAP_FOR_IGNITION,
      );
  });
});

describe("barretenbergBinary and barretenbergWasm", () => {
  const cacheFolder = temporaryDirectory();

  it("give Ignition the package's own files", async () => {
    expect(await barretenbergBinary({ crsKind: "ignition", cacheFolder })).to.deep.equal({ bbPath: findBbBinary() });
    const { wasmPath } = await barretenbergWasm({ crsKind: "ignition", cacheFolder });
    expect(wasmPath).to.contain("node_modules/@aztec/bb.js/");
    expect(await code(() => barretenbergWasm({ crsKind: "ignition", cacheFolder, threads: false }))).to.equal(
      CrsErrorCode.NO_BARRETENBERG,
    );
    expect(readdirSync(cacheFolder)).to.deep.equal([]);
  });

  it("give the dev CRS a bb that runs, made once and again when it is damaged", async () => {
    const [{ bbPath }, same] = await Promise.all([
      barretenbergBinary({ crsKind: "dev", cacheFolder }),
      barretenbergBinary({ crsKind: "dev", cacheFolder }),
    ]);
    expect(same.bbPath).to.equal(bbPath);
    expect(execFileSync(bbPath, ["--version"]).toString()).to.match(/\S/);
    const { mtimeMs } = statSync(bbPath);
    await barretenbergBinary({ crsKind: "dev", cacheFolder });
    expect(statSync(bbPath).mtimeMs).to.equal(mtimeMs);
    const intact = readFileSync(bbPath);
    writeFileSync(bbPath, intact.subarray(0, 1000));
    await barretenbergBinary({ crsKind: "dev", cacheFolder });
    expect(readFileSync(bbPath).equals(intact)).to.equal(true);
  });

  it("give the dev CRS both of bb.js's WASMs, which compile", async () => {
    for (const threads of [true, false]) {
      const { wasmPath } = await barretenbergWasm({ crsKind: "dev", cacheFolder, threads });
      const bytes = gunzipSync(readFileSync(wasmPath));
      expect(bytes.indexOf(devPoints.second)).to.be.greaterThan(0);
      expect(bytes.subarray(0, 4).toString()).to.equal("\0asm");
    }
  });

  it("refuse a bb of another version, and for Ignition one that was swapped", async () => {
    const { bbPath } = await barretenbergBinary({ crsKind: "dev", cacheFolder });
    const before = process.env["BB_BINARY_PATH"];
    const other = `${cacheFolder}/bb`;
    writeFileSync(other, "another bb");
    process.env["BB_BINARY_PATH"] = other;
    try {
      expect(await code(() => barretenbergBinary({ crsKind: "dev", cacheFolder }))).to.equal(
        CrsErrorCode.OTHER_BARRETENBERG,
      );
      process.env["BB_BINARY_PATH"] = bbPath;
      expect(await code(() => barretenbergBinary({ crsKind: "ignition", cacheFolder }))).to.equal(
        CrsErrorCode.OTHER_BARRETENBERG,
      );
      process.env["BB_BINARY_PATH"] = `${other}.none`;
      expect(await code(() => barretenbergBinary({ crsKind: "dev", cacheFolder }))).to.equal(
        CrsErrorCode.NO_BARRETENBERG,
      );
    } finally {
      if (before === undefined) delete process.env["BB_BINARY_PATH"];
      else process.env["BB_BINARY_PATH"] = before;
    }
  });
});
