import { MemoryLogger } from "@sprtn/testing";
import { isAbortError } from "@sprtn/runtime";
import { expect } from "chai";
import { barretenbergSetup } from "../../test/barretenberg-setup.js";
import { errorOf, expectCode } from "../../test/proof-engine-compliance.js";
import { proofTargets, tinyCircuit } from "../../test/tiny-circuit.js";
import {
  BarretenbergErrorCode,
  bytecodeOf,
  NativeCircuitTools,
  readVerificationKey,
  verificationKeyFields,
  verificationKeyHash,
} from "../index.js";

const { bytecode, gates } = tinyCircuit;

describe("NativeCircuitTools", () => {
  let tools: NativeCircuitTools;
  before(async () => {
    tools = new NativeCircuitTools({ logger: new MemoryLogger() }, await barretenbergSetup());
  });
  after(() => tools.close());

  for (const target of proofTargets) {
    it(`derives a key for ${target}, whose hash follows from its bytes`, async () => {
      const derived = await tools.deriveVerificationKey(bytecode, target);
      expect(derived.gates).to.equal(gates);
      expect(derived.fields).to.deep.equal(verificationKeyFields(derived.verificationKey, target));
      expect(derived.fields).to.have.length(target === "evm-no-zk" ? 59 : 115);
      expect(derived.hash).to.equal(verificationKeyHash(derived.verificationKey, target));
      expect(readVerificationKey(derived.verificationKey, target)).to.deep.equal({ logSize: 9, publicInputs: 2 });
    });

    it(`counts gates for ${target}`, async () => {
      expect(await tools.circuitGates(bytecode, target)).to.equal(gates);
    });
  }

  it("derives one key with and without zero knowledge", async () => {
    const [zk, noZk] = await Promise.all([
      tools.deriveVerificationKey(bytecode, "noir-recursive"),
      tools.deriveVerificationKey(bytecode, "noir-recursive-no-zk"),
    ]);
    expect(zk).to.deep.equal(noZk);
  });

  it("writes the optimized Solidity verifier", async () => {
    const { verificationKey, hash } = await tools.deriveVerificationKey(bytecode, "evm-no-zk");
    const source = await tools.writeSolidityVerifier(verificationKey);
    expect(source).to.contain("contract HonkVerifier").and.to.contain("assembly").and.to.contain(hash.toString(16));
    await expectCode(tools.writeSolidityVerifier(new Uint8Array(115 * 32)), BarretenbergErrorCode.BAD_KEY);
    await expectCode(tools.writeSolidityVerifier(new Uint8Array(59 * 32)), BarretenbergErrorCode.BAD_KEY);
  });

  it("refuses what is not a circuit", async () => {
    await expectCode(tools.circuitGates(new Uint8Array(100), "evm-no-zk"), BarretenbergErrorCode.REFUSED);
    await expectCode(tools.deriveVerificationKey(new Uint8Array(), "evm-no-zk"), BarretenbergErrorCode.REFUSED);
    for (const text of ["", "?", "AAAA"]) await expectCode(bytecodeOf(text), BarretenbergErrorCode.BAD_BYTECODE);
  });

  it("gives up when it is told to", async () => {
    const controller = new AbortController();
    const error = errorOf(tools.deriveVerificationKey(bytecode, "evm-no-zk", controller.signal));
    controller.abort();
    expect(await error).to.satisfy(isAbortError);
  });
});
