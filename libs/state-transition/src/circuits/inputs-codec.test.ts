import { expect } from "chai";
import { CircuitErrorCode } from "./circuit-error.js";
import { decodeCircuitInputs, encodeCircuitInputs } from "./inputs-codec.js";

const inputs = {
  nothing: null,
  yes: true,
  count: 3,
  zero: 0n,
  big: 2n ** 253n,
  text: "#12",
  bytes: Uint8Array.of(0, 255),
  nested: [{ path: [1n, 2n] }],
};

describe("circuit inputs as bytes", () => {
  it("come back as they were", () => {
    expect(decodeCircuitInputs(encodeCircuitInputs(inputs))).to.deep.equal(inputs);
  });

  it("are the same for a Buffer, as a transaction from a peer has one, as for its bytes", () => {
    const plain = { proof: Uint8Array.of(1, 2, 3) };
    expect(encodeCircuitInputs({ proof: Buffer.from(plain.proof) })).to.deep.equal(encodeCircuitInputs(plain));
    expect(
      decodeCircuitInputs<typeof plain>(encodeCircuitInputs({ proof: Buffer.from(plain.proof) })).proof,
    ).to.deep.equal(plain.proof);
  });

  it("refuse what is not an encoding", () => {
    for (const bad of ["", "{", '{"a":"no tag"}', '{"a":"#xyz"}', '{"a":"!12"}']) {
      expect(() => decodeCircuitInputs(new TextEncoder().encode(bad)))
        .to.throw()
        .with.property("code", CircuitErrorCode.BAD_INPUTS);
    }
  });
});
