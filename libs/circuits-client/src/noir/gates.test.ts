import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { circuitGates, compiledCircuitUrl } from "@sprtn/circuits";
import { circuitNames } from "@sprtn/protocol";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { bytecodeOf, NativeCircuitTools } from "../barretenberg/index.js";
import { barretenbergBinary } from "@sprtn/crs/barretenberg";
import { proofTargetOf, readCircuitKeys } from "../keys/index.js";

describe("the circuits' sizes", () => {
  let tools: NativeCircuitTools;
  before(async () => {
    const { bbPath } = await barretenbergBinary({ crsKind: "dev", cacheFolder: join(tmpdir(), "sprtn-test-crs") });
    tools = new NativeCircuitTools({ logger: new MemoryLogger() }, { bbPath, crsPath: "" });
  });
  after(() => tools.close());

  for (const name of circuitNames) {
    const limit = name === "tx-base" ? 20 : 21;
    it(`${name}: on record, and within 2^${limit}`, async () => {
      const { bytecode } = JSON.parse(await readFile(compiledCircuitUrl(name), "utf8")) as { bytecode: string };
      const gates = await tools.circuitGates(await bytecodeOf(bytecode), proofTargetOf(name));
      expect(gates, "after a change of a circuit: npm run keys").to.equal(circuitGates[name]);
      expect(gates).to.be.at.most(2 ** limit);
    });
  }

  it("the committed keys are of the compiled circuits", async () => {
    const keys = await readCircuitKeys("dev");
    for (const name of circuitNames) {
      const { hash } = JSON.parse(await readFile(compiledCircuitUrl(name), "utf8")) as { hash: string };
      expect(keys[name].circuitHash, `${name}: after a change of a circuit: npm run keys`).to.equal(hash);
    }
  });
});
