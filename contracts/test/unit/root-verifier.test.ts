import { expect } from "chai";
import { getBytes, hexlify } from "ethers";
import { deployRootVerifier, rootProofs } from "../support/root-proofs.ts";

const P = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;
const word = (value: bigint) => `0x${value.toString(16).padStart(64, "0")}`;
const inputNames = [
  "key tree root",
  "domain",
  "start archive",
  "end archive",
  "start accumulator",
  "end accumulator",
  "prover id",
];

describe("RootVerifier", () => {
  let verifier: Awaited<ReturnType<typeof deployRootVerifier>>;
  before(async () => {
    verifier = await deployRootVerifier();
  });

  for (const [name, { proof, publicInputs }] of Object.entries(rootProofs)) {
    const bytes = getBytes(proof);
    const flipped = (at: number) => hexlify(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)));
    const verify = (changed: string, inputs: readonly string[] = publicInputs) => verifier.verify(changed, [...inputs]);

    it(`${name}: accepts a real proof`, async () => {
      expect(await verify(proof)).to.equal(true);
    });

    it(`${name}: INV-7: refuses it for other public inputs`, async () => {
      for (const [index, what] of inputNames.entries()) {
        const value = BigInt(publicInputs[index]!);
        expect(await verify(proof, publicInputs.with(index, word(value + 1n))), what).to.equal(false);
        // The same field, written as a number beyond the modulus.
        expect(await verify(proof, publicInputs.with(index, word(value + P))), `${what} + p`).to.equal(false);
      }
      expect(await verify(proof, publicInputs.slice(1))).to.equal(false);
      expect(await verify(proof, [...publicInputs, word(0n)])).to.equal(false);
      expect(await verify(proof, [])).to.equal(false);
    });

    it(`${name}: refuses proof bytes that were changed, wherever`, async () => {
      for (let at = 0; at < bytes.length; at += 241) expect(await verify(flipped(at)), `byte ${at}`).to.equal(false);
      expect(await verify(flipped(bytes.length - 1))).to.equal(false);
    });

    it(`${name}: refuses other lengths and kinds without reverting`, async () => {
      for (const length of [0, 1, 2, 32, 33, bytes.length - 32, bytes.length - 1])
        expect(await verify(hexlify(bytes.subarray(0, length))), `${length} bytes`).to.equal(false);
      expect(await verify(`${proof}${"00".repeat(32)}`)).to.equal(false);
      expect(await verify(`${proof}00`)).to.equal(false);
      for (const kind of [0, 3 - bytes[0]!, 3, 255])
        expect(await verify(hexlify(Uint8Array.of(kind, ...bytes.subarray(1)))), `kind ${kind}`).to.equal(false);
      const zeros = new Uint8Array(bytes.length);
      zeros[0] = bytes[0]!;
      expect(await verify(hexlify(zeros))).to.equal(false);
      expect(await verify(hexlify(new Uint8Array(bytes.length).fill(255).with(0, bytes[0]!)))).to.equal(false);
    });
  }

  it("tells its two verifiers", async () => {
    expect(await verifier.rootOne()).not.to.equal(await verifier.rootTwo());
  });
});
