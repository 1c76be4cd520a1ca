import { expect } from "chai";
import * as fc from "fast-check";
import {
  BlockNumber,
  Bytes32,
  bytes32Codec,
  bytesCodec,
  type Codec,
  PrimitiveError,
  toHex,
  u32Codec,
  uintCodec,
  utf8Codec,
} from "./index.js";

function roundTrip<T>(codec: Codec<T>, values: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(values, value => {
      expect(codec.decode(codec.encode(value))).to.deep.equal(value);
    }),
  );
}

describe("codecs", () => {
  it("round-trip", () => {
    roundTrip(u32Codec(BlockNumber), fc.nat().map(BlockNumber));
    roundTrip(uintCodec(9), fc.bigInt({ min: 0n, max: 2n ** 72n - 1n }));
    roundTrip(
      bytes32Codec,
      fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => Bytes32(toHex(bytes))),
    );
    roundTrip(utf8Codec, fc.string({ unit: "binary" }));
    roundTrip(bytesCodec, fc.uint8Array());
  });

  it("sort as integers do", () => {
    const codec = uintCodec(4);
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        expect(toHex(codec.encode(BigInt(a))) < toHex(codec.encode(BigInt(b)))).to.equal(a < b);
      }),
    );
  });

  it("refuse other lengths and what does not fit", () => {
    for (const decode of [
      () => u32Codec(BlockNumber).decode(new Uint8Array(3)),
      () => uintCodec(8).decode(new Uint8Array(9)),
      () => bytes32Codec.decode(new Uint8Array(31)),
      () => uintCodec(1).encode(256n),
    ])
      expect(decode).to.throw(PrimitiveError);
  });
});
