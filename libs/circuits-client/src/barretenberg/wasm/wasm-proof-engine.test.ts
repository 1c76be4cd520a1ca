import { gunzipSync } from "node:zlib";
import { isAbortError } from "@sprtn/runtime";
import { expect } from "chai";
import { systemClock } from "@sprtn/observability/system";
import { barretenbergSetup, readCrsPoints, tinyKeys } from "../../test/barretenberg-setup.js";
import { errorOf, expectCode, flipped, proofEngineCompliance } from "../../test/proof-engine-compliance.js";
import { tinyCircuit } from "../../test/tiny-circuit.js";
import { prove } from "../commands.js";
import {
  BarretenbergErrorCode,
  crsGenerator,
  type ProveRequest,
  WasmProofEngine,
  type WasmProofEngineSettings,
} from "../index.js";
import { WasmInstance } from "./wasm-instance.js";

const create = async (settings: WasmProofEngineSettings = {}, most = 2 ** 20) => {
  const { wasmPath, crsPath } = await barretenbergSetup();
  return new WasmProofEngine(
    { clock: systemClock, crs: points => readCrsPoints(crsPath, Math.min(points, most)) },
    { wasmPath, threads: 1, ...settings },
  );
};

const proving = async (): Promise<ProveRequest> => ({
  bytecode: tinyCircuit.bytecode,
  witness: tinyCircuit.witness,
  verificationKey: (await tinyKeys())["noir-recursive"],
  target: "noir-recursive",
});

describe("WasmProofEngine", () => {
  proofEngineCompliance(create, tinyKeys);

  it("leaves this thread free while it proves", async () => {
    const engine = await create();
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    await engine.prove(await proving());
    clearInterval(counting);
    await engine.close();
    expect(turns).to.be.greaterThan(5);
  });

  it("says that its CRS is too small", async () => {
    const engine = await create({}, 511);
    const { payload } = await expectCode(engine.prove(await proving()), BarretenbergErrorCode.CRS_TOO_SMALL);
    expect(payload).to.deep.equal({ points: 511, pointsNeeded: 512 });
    await engine.close();
  });

  it("verifies with the first of all points, and takes more when it must prove", async () => {
    const { crsPath, wasmPath } = await barretenbergSetup();
    const { g2 } = await readCrsPoints(crsPath, 1);
    const asked: number[] = [];
    const crs = async (points: number) => (
      asked.push(points),
      points === 1 ? { g1: crsGenerator, g2 } : readCrsPoints(crsPath, points)
    );
    const engine = new WasmProofEngine({ clock: systemClock, crs }, { wasmPath, threads: 2 });
    const request = await proving();
    expect(
      await engine.verify({ ...request, proof: new Uint8Array(458 * 32), publicInputs: tinyCircuit.publicInputs }),
    ).to.equal(false);
    const made = await engine.prove(request);
    expect(await engine.verify({ ...request, ...made })).to.equal(true);
    expect(asked).to.deep.equal([1, 512]);
    await engine.close();
  });

  it("cuts a proof of several threads short", async () => {
    const engine = await create({ threads: 2 });
    const request = await proving();
    await engine.prove(request);
    const controller = new AbortController();
    const error = errorOf(engine.prove(request, controller.signal));
    setImmediate(() => controller.abort());
    expect(await error).to.satisfy(isAbortError);
    await engine.close();
  });

  it("says that the CRS is not the one that it verifies under", async () => {
    const { crsPath, wasmPath } = await barretenbergSetup();
    const { g1, g2 } = await readCrsPoints(crsPath, 512);
    const engine = new WasmProofEngine(
      { clock: systemClock, crs: async () => ({ g1, g2: flipped(g2, 5) }) },
      { wasmPath, threads: 1 },
    );
    expect((await expectCode(engine.prove(await proving()), BarretenbergErrorCode.WASM_FAILED)).message).to.contain(
      "g2_point",
    );
    await engine.close();
  });

  it("notices that its worker died", async () => {
    const { crsPath, wasmPath } = await barretenbergSetup();
    const { bytecode, witness, verificationKey, target } = await proving();
    const instance = await WasmInstance.start(
      { wasmPath, threads: 1 },
      { clock: systemClock, crs: await readCrsPoints(crsPath, 512) },
    );
    const error = expectCode(
      prove(instance.api, { bytecode, witness: gunzipSync(witness), verificationKey, target }),
      BarretenbergErrorCode.WASM_FAILED,
    );
    await instance["backend"].worker?.terminate();
    await error;
    expect(instance.spent).to.equal(true);
  });

  it("says that there is no WebAssembly", async () => {
    const engine = await create({ wasmPath: "/nonexistent/barretenberg.wasm.gz" });
    await expectCode(engine.prove(await proving()), BarretenbergErrorCode.WASM_FAILED);
    await engine.close();
  });
});
