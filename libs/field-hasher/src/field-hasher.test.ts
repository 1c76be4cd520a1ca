import { concatBytes, type Field, FIELD_MODULUS, fieldToBytes, jsFieldHasher } from "@sprtn/primitives";
import { expect } from "chai";
import { fieldHasherCompliance } from "./test/field-hasher-compliance.js";
import type { ClosableFieldHasher } from "./closable-field-hasher.js";
import {
  createFieldHasher,
  HasherError,
  HasherErrorCode,
  NativeFieldHasher,
  CachingHasher,
  SimdFieldHasher,
  WasmFieldHasher,
} from "./index.js";
import { hashOfResponse } from "./poseidon2-request.js";

const open: ClosableFieldHasher[] = [];
async function kept(creating: Promise<ClosableFieldHasher>): Promise<ClosableFieldHasher> {
  const hasher = await creating;
  open.push(hasher);
  return hasher;
}
after(() => {
  for (const hasher of open) hasher.close();
});

describe("jsFieldHasher", () => fieldHasherCompliance(async () => jsFieldHasher, jsFieldHasher));
describe("WasmFieldHasher", () => fieldHasherCompliance(() => kept(WasmFieldHasher.create()), jsFieldHasher));
describe("NativeFieldHasher", () => fieldHasherCompliance(() => kept(NativeFieldHasher.create()), jsFieldHasher));

describe("SimdFieldHasher", () => {
  fieldHasherCompliance(async () => new SimdFieldHasher(), jsFieldHasher);

  it("agrees with Barretenberg on thousands of rows: random ones, and those near the bounds of its limbs", async () => {
    const barretenberg = await kept(WasmFieldHasher.create());
    const simd = new SimdFieldHasher();
    const extreme = [
      0n,
      1n,
      FIELD_MODULUS - 1n,
      FIELD_MODULUS - 2n,
      ...Array.from({ length: 9 }, (_, k) => (1n << BigInt(29 * k)) - 1n),
      (1n << 253n) - 1n,
    ] as Field[];
    const rows = extreme.flatMap(a => extreme.flatMap(b => [fieldToBytes(a), fieldToBytes(b)]));
    let bytes = concatBytes(...rows);
    for (let round = 0; round < 8; round++) {
      const hashes = simd.hashPairs(bytes);
      expect(hashes).to.deep.equal(barretenberg.hashPairs(bytes));
      expect(simd.hashRows(bytes, 7)).to.deep.equal(barretenberg.hashRows(bytes, 7));
      bytes = concatBytes(
        hashes,
        hashes.toReversed().map((byte, i) => (i % 32 === 0 ? byte & 0x1f : byte)),
      );
    }
  });
});

describe("CachingHasher", () => {
  // So few rows that they take one another's places all the time.
  fieldHasherCompliance(async () => new CachingHasher(new SimdFieldHasher(), { rows: 128 }), jsFieldHasher);

  const counting = () => {
    const simd = new SimdFieldHasher();
    const asked: number[] = [];
    const inner: ClosableFieldHasher = {
      hash: inputs => simd.hash(inputs),
      hashPairs: pairs => simd.hashPairs(pairs),
      close: () => {},
      hashRows: (rows, width) => (asked.push(rows.length / width / 32), simd.hashRows(rows, width)),
    };
    return { asked, hasher: new CachingHasher(inner, { rows: 2 ** 12 }) };
  };

  it("asks for what it does not remember only", () => {
    const { asked, hasher } = counting();
    const rows = concatBytes(...Array.from({ length: 12 }, (_, i) => fieldToBytes(BigInt(i) as Field)));
    const hashes = hasher.hashPairs(rows);
    expect(hasher.hashPairs(rows)).to.deep.equal(hashes);
    expect(hasher.hash([2n, 3n])).to.equal(jsFieldHasher.hash([2n, 3n]));
    expect(
      hasher
        .hashPairs(concatBytes(rows.subarray(64, 128), fieldToBytes(99n as Field), rows.subarray(0, 96)))
        .subarray(32, 64),
    ).to.deep.equal(fieldToBytes(jsFieldHasher.hash([99n, 0n])));
    expect(asked).to.deep.equal([6, 2]);
    // Rows that do not lie on a word's boundary are the same rows.
    const shifted = new Uint8Array(rows.length + 1);
    shifted.set(rows, 1);
    expect(hasher.hashPairs(shifted.subarray(1))).to.deep.equal(hashes);
    expect(asked).to.deep.equal([6, 2]);
  });

  it("takes no row for another of its zeros or its width", () => {
    const { asked, hasher } = counting();
    for (const width of [1, 2, 3, 8])
      expect(hasher.hash(Array(width).fill(0n))).to.equal(jsFieldHasher.hash(Array(width).fill(0n)));
    expect(asked).to.deep.equal([1, 1, 1, 1]);
  });
});

describe("Fast hashers", () => {
  it("refuse rows that are cut off", async () => {
    for (const hasher of [
      await kept(WasmFieldHasher.create()),
      new SimdFieldHasher(),
      new CachingHasher(new SimdFieldHasher(), { rows: 128 }),
    ]) {
      for (const run of [() => hasher.hashPairs(new Uint8Array(63)), () => hasher.hashRows(new Uint8Array(32), 0)]) {
        expect(run).to.throw(HasherError).with.property("code", HasherErrorCode.BAD_LENGTH);
      }
    }
  });

  it("refuse an answer that is not a hash", () => {
    expect(() => hashOfResponse(new TextEncoder().encode("ErrorResponse")))
      .to.throw(HasherError)
      .with.property("code", HasherErrorCode.BAD_RESPONSE);
  });
});

const impossible = (): Promise<ClosableFieldHasher> =>
  Promise.reject(new HasherError(HasherErrorCode.BAD_RESPONSE, "no such thing"));

describe("createFieldHasher", () => {
  const codes: unknown[] = [];
  const logger = {
    error: () => {},
    warn: (_message: string, fields?: Readonly<Record<string, unknown>>) => void codes.push(fields?.["code"]),
    info: () => {},
    verbose: () => {},
    debug: () => {},
    child: () => logger,
  };

  beforeEach(() => {
    codes.length = 0;
  });

  it("makes what is asked for, silently", async () => {
    expect(await kept(createFieldHasher({ logger }, { kind: "native" }))).to.be.instanceOf(NativeFieldHasher);
    expect(await kept(createFieldHasher({ logger }, { kind: "simd" }))).to.be.instanceOf(SimdFieldHasher);
    expect(await kept(createFieldHasher({ logger }, { kind: "wasm" }))).to.be.instanceOf(WasmFieldHasher);
    expect((await createFieldHasher({ logger }, { kind: "js" })).hash([1n, 2n])).to.equal(jsFieldHasher.hash([1n, 2n]));
    expect(codes).to.deep.equal([]);
  });

  it("falls back from a native bb that is not there, and says so", async () => {
    expect(await kept(createFieldHasher({ logger }, { kind: "native", bbPath: "/nonexistent/bb" }))).to.be.instanceOf(
      SimdFieldHasher,
    );
    expect(codes).to.deep.equal([HasherErrorCode.UNAVAILABLE]);
  });

  it("falls back to plain JavaScript at last", async () => {
    const hasher = await createFieldHasher(
      { logger, create: { native: impossible, simd: impossible, wasm: impossible } },
      { kind: "native" },
    );
    expect(hasher.hash([1n, 2n])).to.equal(jsFieldHasher.hash([1n, 2n]));
    expect(codes).to.deep.equal(Array(3).fill(HasherErrorCode.UNAVAILABLE));
  });
});
