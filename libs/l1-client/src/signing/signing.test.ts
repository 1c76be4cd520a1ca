import { Bytes32, equalBytes, fromHex, keccak256, toHex, uintToBytes } from "@sprtn/primitives";
import { expect } from "chai";
import { Signature, SigningKey, Wallet } from "ethers";
import fc from "fast-check";
import { L1Error } from "../l1-error.js";
import { nobleSecp256k1 } from "./noble-secp256k1.js";
import { PrivateKeySigner } from "./private-key-signer.js";
import { privateKeyFrom } from "./private-key.js";
import { Secp256k1Recovery } from "./secp256k1-recovery.js";
import { loadSecp256k1 } from "./secp256k1.js";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const privateKey = Bytes32("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
const mnemonic = "test test test test test test test test test test test junk";
const digest = keccak256(new Uint8Array([1, 2, 3]));
const bytes32 = (value: bigint) => Bytes32(toHex(uintToBytes(value, 32)));

it("loads the native module here", () => {
  expect(loadSecp256k1().name).to.equal("native");
});

it("falls back to the pure one when the native module does not load", () => {
  const refuse = () => {
    throw new TypeError("no such binary");
  };
  expect(loadSecp256k1(refuse).name).to.equal("noble");
});

for (const curve of [loadSecp256k1(), nobleSecp256k1]) {
  describe(`secp256k1, ${curve.name}`, () => {
    const signer = new PrivateKeySigner({ curve }, { privateKey });
    const recovery = new Secp256k1Recovery({ curve });

    it("derives the address", () => {
      expect(signer.address).to.equal("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
    });

    it("signs what ethers signs, bit for bit", () => {
      const property = fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.bigInt({ min: 1n, max: ORDER - 1n }),
        (bytes, key) => {
          const own = new PrivateKeySigner({ curve }, { privateKey: bytes32(key) });
          const theirs = new SigningKey(bytes32(key)).sign(bytes).compactSerialized;
          expect(toHex(own.sign(Bytes32(toHex(bytes))))).to.equal(theirs);
          expect(recovery.recover(Bytes32(toHex(bytes)), fromHex(theirs))).to.equal(own.address);
        },
      );
      fc.assert(property, { numRuns: 25, seed: 7 });
    });

    it("refuses keys that are 0 or beyond the order", () => {
      for (const key of [0n, ORDER, 2n ** 256n - 1n]) {
        expect(() => new PrivateKeySigner({ curve }, { privateKey: bytes32(key) }))
          .to.throw(L1Error)
          .with.property("code", "L1_BAD_KEY");
      }
    });

    it("does not recover from what is not a signature", () => {
      const good = signer.sign(digest);
      const { r } = Signature.from(toHex(good));
      const wrong: Record<string, Uint8Array> = {
        "a byte short": good.subarray(0, 63),
        "a byte long": new Uint8Array([...good, 0]),
        empty: new Uint8Array(),
        "r = 0": new Uint8Array([...new Uint8Array(32), ...good.subarray(32)]),
        "s = 0": new Uint8Array([...fromHex(r), ...new Uint8Array(32)]),
        "r ≥ the order": new Uint8Array([...uintToBytes(ORDER, 32), ...good.subarray(32)]),
        "s in the upper half": new Uint8Array([...fromHex(r), ...uintToBytes(ORDER / 2n + 1n, 32)]),
        "r on no point": new Uint8Array([...uintToBytes(5n, 32), ...good.subarray(32)]),
      };
      for (const [what, signature] of Object.entries(wrong))
        expect(recovery.recover(digest, signature), what).to.equal(undefined);
    });

    it("recovers somebody else from a changed digest or a flipped parity", () => {
      const good = signer.sign(digest);
      const flipped = Uint8Array.from(good);
      flipped[32] = (flipped[32] as number) ^ 0x80;
      expect(recovery.recover(keccak256(new Uint8Array()), good)).to.not.equal(signer.address);
      expect(recovery.recover(digest, flipped)).to.not.equal(signer.address);
      expect(recovery.recover(digest, good)).to.equal(signer.address);
    });
  });
}

it("both curves give the same signatures", () => {
  const native = loadSecp256k1();
  for (let i = 1; i <= 20; i++)
    expect(
      equalBytes(
        native.sign(fromHex(digest), uintToBytes(i, 32)),
        nobleSecp256k1.sign(fromHex(digest), uintToBytes(i, 32)),
      ),
    ).to.equal(true);
});

describe("keys", () => {
  it("come from hex or from a mnemonic's account", () => {
    expect(privateKeyFrom({ privateKey })).to.equal(privateKey);
    expect(privateKeyFrom({ mnemonic, index: 0 })).to.equal(privateKey);
    const second = new PrivateKeySigner({}, { privateKey: privateKeyFrom({ mnemonic, index: 1 }) });
    expect(second.address).to.equal("0x70997970c51812dc3a010c7d01b50e0d17dc79c8");
    expect(second.address).to.equal(new Wallet(privateKeyFrom({ mnemonic, index: 1 })).address.toLowerCase());
  });

  it("refuses a mnemonic with a wrong checksum and an index that is none, without repeating the words", () => {
    const words = mnemonic.replace("junk", "test");
    for (const source of [
      { mnemonic: words, index: 0 },
      { mnemonic, index: -1 },
      { mnemonic, index: 2 ** 31 },
    ]) {
      expect(() => privateKeyFrom(source))
        .to.throw(L1Error)
        .with.property("code", "L1_BAD_KEY");
      expect(() => privateKeyFrom(source))
        .to.throw(L1Error)
        .with.property("message")
        .that.does.not.match(/test/);
    }
  });
});
