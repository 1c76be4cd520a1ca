import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { circuitGates, compiledCircuitUrl } from "@sprtn/circuits";
import { circuitNames } from "@sprtn/protocol";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { bytecodeOf, NativeCircuitTools } from "../barretenberg/index.js";
import { barretenbergBinary } from "../crs/index.js";
import { proofTargetOf, readCircuitKeys } from "../keys/index.js";

describe("the circuits' sizes", () => {
  let tools: NativeCircuitTools;
  before(async () => {
    const { bbPath } = await barretenbergBinary({ crsKind: "dev", cacheFolder: join(tmpdir(), "sprtn-test-crs") });
    tools = new NativeCircuitTools({ logger: new MemoryLogger() }, { bbPath, crsPath: "" });
  });
  after(() => tools.close());

  it("are those on record, tx base within 2^20 and the rest within 2^21", async () => {
    const counted: Record<string, number> = {};
    for (const name of circuitNames) {
      const { bytecode } = JSON.parse(await readFile(compiledCircuitUrl(name), "utf8")) as { bytecode: string };
      counted[name] = await tools.circuitGates(await bytecodeOf(bytecode), proofTargetOf(name));
      expect(counted[name], name).to.be.at.most(name === "tx-base" ? 2 ** 20 : 2 ** 21);
    }
    expect(counted, "after a change of a circuit: npm run keys").to.deep.equal(circuitGates);
  });

  it("the committed keys are of the compiled circuits", async () => {
    const keys = await readCircuitKeys("dev");
    for (const name of circuitNames) {
      const { hash } = JSON.parse(await readFile(compiledCircuitUrl(name), "utf8")) as { hash: string };
      expect(keys[name].circuitHash, `${name}: after a change of a circuit: npm run keys`).to.equal(hash);
    }
  });
});
