import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { Field, jsFieldHasher } from "@sprtn/primitives";
import { circuitNames, encodeTransferWitness } from "@sprtn/protocol";
import { isAbortError } from "@sprtn/runtime";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { encodeCircuitInputs, runCircuit } from "@sprtn/state-transition/circuits";
import { witnesses } from "@sprtn/state-transition/transfer-fixture";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { ensureCrs } from "@sprtn/crs";
import { barretenbergWasm } from "@sprtn/crs/barretenberg";
import { systemClock } from "@sprtn/observability/system";
import { keyTreeOf, readCircuitKeys } from "../keys/index.js";
import { InlineWitnessSolver, readCompiledCircuit } from "../noir/index.js";
import { readCrsPoints } from "../test/barretenberg-setup.js";
import { proofBackendCompliance } from "../test/proof-backend-compliance.js";
import { witnessesOf } from "../test/random-chain.js";
import { createRealBackend } from "./create-real-backend.js";
import { RealBackend } from "./real-backend.js";
import { WasmEngines } from "./wasm-engines.js";

/** Kept from one run to the next. */
const cacheFolder = join(tmpdir(), "sprtn-test-crs");
const native = async () =>
  createRealBackend(
    { logger: new MemoryLogger(), clock: systemClock },
    { crs: "dev", crsPath: undefined, cacheFolder },
  );

async function wasm(): Promise<RealBackend> {
  const keys = await readCircuitKeys("dev");
  const { wasmPath } = await barretenbergWasm({ crsKind: "dev", cacheFolder });
  const { folder } = await ensureCrs(
    { logger: new MemoryLogger(), clock: systemClock },
    { kind: "dev", points: 2 ** 16 + 1, cacheFolder },
  );
  const solver = new InlineWitnessSolver({
    readCircuit: readCompiledCircuit,
    keyFieldsAt: index => keys[circuitNames[index]!].fields,
  });
  return new RealBackend({
    engines: new WasmEngines({ clock: systemClock, crs: points => readCrsPoints(folder, points) }, { wasmPath }),
    solver,
    keys,
    readCircuit: readCompiledCircuit,
  });
}

describe("real backend, native", () => {
  proofBackendCompliance(async () => (await native()).backend, jsFieldHasher);

  it("tells what a proof took, and gives it up when it is told to", async () => {
    const { backend } = await native();
    try {
      const proof = await backend.prove("transfer", encodeTransferWitness(witnesses[1]));
      if (process.platform === "linux") expect(proof.usage?.cpuSeconds).to.be.greaterThan(0);
      const controller = new AbortController();
      const failure = backend
        .prove("transfer", encodeTransferWitness(witnesses[1]), controller.signal)
        .catch((error: unknown) => error);
      controller.abort();
      expect(isAbortError(await failure)).to.equal(true);
    } finally {
      await backend.close();
    }
  });

  it("gives up at once, and closes, while it waits for a CRS that another process prepares", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sprtn-crs-wait-"));
    const waiting = Promise.withResolvers<void>();
    class WaitingLogger extends MemoryLogger {
      override info(): void {
        waiting.resolve();
      }
    }
    try {
      // As this process holds it, which runs.
      writeFileSync(join(folder, "dev.lock"), JSON.stringify({ token: "", pid: process.pid, host: hostname() }));
      const { backend } = await createRealBackend(
        { logger: new WaitingLogger(), clock: systemClock },
        { crs: "dev", crsPath: undefined, cacheFolder: folder },
      );
      const controller = new AbortController();
      const inputs = encodeTransferWitness(witnesses[1]);
      const failure = backend.prove("transfer", inputs, controller.signal).catch((error: unknown) => error);
      await waiting.promise;
      controller.abort();
      expect(isAbortError(await failure)).to.equal(true);
      await backend.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("STALE: keys of another circuit than the compiled one are not used", async () => {
    const keys = await readCircuitKeys("dev");
    const { engines, backend } = await native();
    const solver = new InlineWitnessSolver({ readCircuit: readCompiledCircuit, keyFieldsAt: () => [] });
    const stale = new RealBackend({
      engines,
      solver,
      keys: { ...keys, transfer: { ...keys.transfer, circuitHash: "00" } },
      readCircuit: readCompiledCircuit,
    });
    expect(
      await stale.prove("transfer", encodeTransferWitness(witnesses[1])).catch((error: { code: string }) => error.code),
    ).to.equal("KEYS_STALE");
    await backend.close();
  });

  it("a root's proof without its kind in front, or with the other root's, is none", async () => {
    const { backend, keys } = await native();
    const publicInputs = Array.from({ length: 7 }, () => 0n) as never;
    for (const bytes of [
      new Uint8Array(),
      Uint8Array.of(1),
      Uint8Array.of(2, ...new Uint8Array(9536)),
      new Uint8Array(9537),
    ]) {
      expect(await backend.verify({ circuit: "root-two", publicInputs, bytes })).to.equal(false);
    }
    expect(keyTreeOf(jsFieldHasher, keys).witness("root-two").index).to.equal(8);
    await backend.close();
  });

  it("BAD_INPUTS for inputs of another circuit, before anything is proven", async () => {
    const { backend } = await native();
    expect(
      await backend
        .prove("root-one", encodeCircuitInputs({ children: 5 }))
        .catch((error: { code: string }) => error.code),
    ).to.equal("CIRCUIT_BAD_INPUTS");
    await backend.close();
  });
});

describe("real backend, an inner proof", () => {
  it("of an empty block verifies; with any public input, byte or key changed it does not", async () => {
    const { backend, keys } = await native();
    try {
      const fixture = new ChainFixture();
      fixture.mine([]);
      const [block] = witnessesOf(fixture, keyTreeOf(jsFieldHasher, keys));
      const { witness, startAccumulator } = block!;
      const inputs = { ...witness.root, children: [], startAccumulator };
      const proof = await backend.prove("block-root-empty", encodeCircuitInputs(inputs));
      expect(proof.publicInputs).to.deep.equal(
        runCircuit({ hasher: jsFieldHasher, verifyChild: () => true }, "block-root-empty", inputs),
      );
      expect(await backend.verify(proof)).to.equal(true);
      for (const [index, name] of [
        "key tree root",
        "domain",
        "start archive",
        "end archive",
        "start accumulator",
        "end accumulator",
      ].entries()) {
        expect(
          await backend.verify({ ...proof, publicInputs: proof.publicInputs.with(index, Field(7)) }),
          name,
        ).to.equal(false);
      }
      const { bytes } = proof;
      for (let at = 31; at < bytes.length; at += 32 * 23)
        expect(
          await backend.verify({ ...proof, bytes: bytes.with(at, (bytes[at] as number) ^ 1) }),
          `byte ${at}`,
        ).to.equal(false);
      for (const circuit of ["block-root-one", "block-root-single", "block-merge"] as const)
        expect(await backend.verify({ ...proof, circuit }), circuit).to.equal(false);
    } finally {
      await backend.close();
    }
  });
});

describe("real backend, WASM", () => {
  proofBackendCompliance(wasm, jsFieldHasher);
});
