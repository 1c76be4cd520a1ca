import { type Field, FIELD_MODULUS, jsFieldHasher } from "@sprtn/primitives";
import { decryptNote } from "@sprtn/protocol";
import { SeededRandom } from "@sprtn/testing";
import { bech32m } from "@scure/base";
import { expect } from "chai";
import fc from "fast-check";
import { encryptOutput } from "../notes/encrypt-output.js";
import { WalletError, WalletErrorCode } from "../wallet-error.js";
import { deriveAccountKeys, deriveDepositSecret } from "./account-keys.js";
import { GRUMPKIN_ORDER, onCurve, pointFromX, publicPoint, randomScalar, sharedPoint } from "./grumpkin.js";
import { decodePaymentAddress, encodePaymentAddress } from "./payment-address.js";

const seed = new Uint8Array(32).fill(9);
const keys = deriveAccountKeys(jsFieldHasher, seed, 0);

describe("Grumpkin", () => {
  // Computed with Barretenberg's grumpkinMul (bb.js 5.0.0).
  const k = 0x123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdefn;
  const vectors = [
    [
      2n,
      0x6ce1b0827aafa85ddeb49cdaa36306d19a74caa311e13d46d8bc688cdbffffen,
      0x1c122f81a3a14964909ede0ba2a6855fc93faf6fa1a788bf467be7e7a43f80acn,
    ],
    [
      k,
      0x1e80aee3834e1297b47c859a4a26339b5c7c4c4096342b360e2b7ba402d1873en,
      0xe3faf018f2e20f0811785d35bd8491f32e42833ede83ca1a5f3e1975ce7e25en,
    ],
    [
      GRUMPKIN_ORDER - 2n,
      0x6ce1b0827aafa85ddeb49cdaa36306d19a74caa311e13d46d8bc688cdbffffen,
      0x14521ef13d9056c527b167aadedad2fd5ef438d8d811e7d1fd660dac4bc07f55n,
    ],
  ] as const;
  for (const [scalar, x, y] of vectors)
    it(`multiplies the generator by ${scalar} as Barretenberg does`, () =>
      expect(publicPoint(scalar)).to.deep.equal({ x, y }));

  it("multiplies another point as Barretenberg does", () => {
    expect(sharedPoint(0xabcdefabcdef1234567890abcdefn, publicPoint(k))).to.deep.equal({
      x: 0xb0eb30ae8e0b3140206dea19bf3b76ec85ead66750d775029300da570b8fe9en,
      y: 0x1481468b0bdb899d0dc3becfa33b7c2a1aa26ce91a6f718f4a09182ad1f2c51en,
    });
  });

  it("gives both sides the same shared point", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, GRUMPKIN_ORDER - 1n), fc.bigInt(1n, GRUMPKIN_ORDER - 1n), (a, b) => {
        expect(sharedPoint(a, publicPoint(b))).to.deep.equal(sharedPoint(b, publicPoint(a)));
      }),
      { numRuns: 5 },
    );
  });

  it("finds the point of an x by the parity of its y, and none where there is none", () => {
    const point = publicPoint(77n);
    const negative = { x: point.x, y: (FIELD_MODULUS - point.y) as Field };
    const [even, odd] = point.y % 2n === 0n ? [point, negative] : [negative, point];
    expect(pointFromX(point.x)).to.deep.equal(even);
    expect(pointFromX(point.x, true)).to.deep.equal(odd);
    const found = Array.from({ length: 40 }, (_, x) => pointFromX(BigInt(x) as Field));
    expect(found).to.include(undefined);
    expect(found.every(each => each === undefined || (onCurve(each) && each.y % 2n === 0n))).to.equal(true);
  });

  it("multiplies no point that is off the curve", () => {
    expect(() => sharedPoint(2n, { x: 1n as Field, y: 1n as Field }))
      .to.throw(WalletError)
      .with.property("code", WalletErrorCode.BAD_ADDRESS);
  });

  it("draws scalars below the order", () => {
    const random = new SeededRandom(1);
    for (let i = 0; i < 20; i++)
      expect(randomScalar(random) > 0n && randomScalar(random) < GRUMPKIN_ORDER).to.equal(true);
  });
});

describe("keys", () => {
  it("come out of the seed the same every time, and different for each account", () => {
    expect(deriveAccountKeys(jsFieldHasher, seed, 0)).to.deep.equal(keys);
    const other = deriveAccountKeys(jsFieldHasher, seed, 1);
    expect([other.nsk, other.ivk, other.address])
      .not.to.include.members([keys.nsk])
      .and.not.to.include.members([keys.ivk]);
    expect(keys.viewingKey).to.deep.equal(publicPoint(keys.ivk));
    expect(deriveDepositSecret(seed, 0)).not.to.equal(deriveDepositSecret(seed, 1));
  });

  it("want a seed that cannot be guessed", () => {
    expect(() => deriveAccountKeys(jsFieldHasher, new Uint8Array(15), 0))
      .to.throw(WalletError)
      .with.property("code", WalletErrorCode.BAD_SEED);
  });
});

describe("payment address", () => {
  const text = encodePaymentAddress(keys.paymentAddress);
  const refuses = (address: string, what: string) =>
    expect(() => decodePaymentAddress(address))
      .to.throw(WalletError, what)
      .with.property("code", WalletErrorCode.BAD_ADDRESS);
  const encoded = (bytes: Uint8Array, prefix = "sprtn") => bech32m.encode(prefix, bech32m.toWords(bytes), false);
  const bytes = () => bech32m.decodeToBytes(text).bytes;

  it("round trips, whatever the parity of the viewing key", () => {
    expect(text).to.match(/^sprtn1[a-z0-9]+$/);
    for (let index = 0; index < 6; index++) {
      const { paymentAddress } = deriveAccountKeys(jsFieldHasher, seed, index);
      expect(decodePaymentAddress(encodePaymentAddress(paymentAddress))).to.deep.equal(paymentAddress);
    }
  });

  it("notices any changed character", () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: text.length - 1 }), at => {
        refuses(`${text.slice(0, at)}${text[at] === "q" ? "p" : "q"}${text.slice(at + 1)}`, "checksum");
      }),
      { numRuns: 20 },
    );
  });

  it("refuses other prefixes, formats, and keys that are none", () => {
    refuses("hello", "checksum");
    refuses(encoded(bytes(), "other"), "begins with other1");
    refuses(encoded(bytes().subarray(1)), "format");
    refuses(encoded(bytes().with(0, 2)), "format");
    refuses(encoded(bytes().fill(255, 1, 33)), "not a field");
    const off = Array.from({ length: 40 }, (_, x) => BigInt(x) as Field).find(
      x => pointFromX(x) === undefined,
    ) as Field;
    refuses(encoded(bytes().fill(0, 33).with(64, Number(off))), "not a point");
  });
});

describe("encryption", () => {
  it("gives the recipient value and randomness, with an ephemeral key whose y is even", () => {
    const random = new SeededRandom(3);
    for (let i = 0; i < 4; i++) {
      const note = { value: 123n + BigInt(i), randomness: 456n as Field };
      const [x, ...ciphertext] = encryptOutput({ hasher: jsFieldHasher, random }, keys.paymentAddress, note);
      const ephemeral = pointFromX(x);
      expect(ephemeral).not.to.equal(undefined);
      expect(decryptNote(jsFieldHasher, sharedPoint(keys.ivk, ephemeral as never), ciphertext)).to.deep.equal(note);
    }
  });
});
