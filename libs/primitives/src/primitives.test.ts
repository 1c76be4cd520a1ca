import { expect } from "chai";
import fc from "fast-check";
import {
  bytesToUint,
  Epoch,
  EthAddress,
  Field,
  FIELD_MODULUS,
  fieldFromBytes,
  fieldToBytes,
  fromHex,
  jsFieldHasher,
  keccak256,
  PrimitiveError,
  sha256ToField,
  Slot,
  toHex,
  uintToBytes,
  Wei,
} from "./index.js";

describe("units", () => {
  it("refuse what is not a unit", () => {
    for (const bad of [-1, 1.5, 2 ** 32, Number.NaN]) {
      expect(() => Slot(bad)).to.throw(PrimitiveError, "Slot");
      expect(() => Epoch(bad)).to.throw(PrimitiveError, "Epoch");
    }
    expect(() => Wei(-1n)).to.throw(PrimitiveError);
    expect(() => Field(FIELD_MODULUS)).to.throw(PrimitiveError, "Field");
    expect(() => EthAddress("0x12")).to.throw(PrimitiveError, "EthAddress");
    for (const bad of ["0x123", "0x1g", "0xg1", "0x1é", "12", "", "0x "])
      expect(() => fromHex(bad), bad).to.throw(PrimitiveError, "not hex");
    expect(() => uintToBytes(-1, 4)).to.throw(PrimitiveError, "does not fit");
  });

  it("bytes and integers round-trip", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }), value => {
        expect(fieldFromBytes(fieldToBytes(Field(value)))).to.equal(value);
        expect(bytesToUint(uintToBytes(value, 40))).to.equal(value);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
        const value = bytesToUint(bytes);
        expect(value).to.equal(BigInt(toHex(bytes) === "0x" ? 0 : toHex(bytes)));
        expect(uintToBytes(value, bytes.length)).to.deep.equal(bytes);
        expect(() => uintToBytes(value + (1n << BigInt(8 * bytes.length)), bytes.length)).to.throw(
          PrimitiveError,
          "does not fit",
        );
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        expect(fromHex(toHex(bytes))).to.deep.equal(bytes);
        expect(fromHex(`0x${toHex(bytes).slice(2).toUpperCase()}`)).to.deep.equal(bytes);
      }),
    );
  });
});

describe("hashes", () => {
  it("poseidon2 is Barretenberg's (vectors computed with bb.js 5.0.0)", () => {
    expect(jsFieldHasher.hash([1n, 2n])).to.equal(0x038682aa1cb5ae4e0a3f13da432a95c77c5c111f6f030faf9cad641ce1ed7383n);
    const pair = new Uint8Array(64);
    pair[31] = 1;
    pair[63] = 2;
    expect(bytesToUint(jsFieldHasher.hashPairs(pair))).to.equal(jsFieldHasher.hash([1n, 2n]));
    expect(jsFieldHasher.hashRows(new Uint8Array([...pair, ...pair]), 4)).to.deep.equal(
      fieldToBytes(jsFieldHasher.hash([1n, 2n, 1n, 2n])),
    );
  });

  it("sha256 loses its top byte", () => {
    expect(sha256ToField(new Uint8Array())).to.equal(
      0x00b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855n,
    );
  });

  it("keccak256", () => {
    expect(keccak256(new Uint8Array())).to.equal("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  });
});
