import { expect } from "chai";
import * as fc from "fast-check";
import { BlockNumber, Bytes32, Field, FIELD_MODULUS, L1BlockNumber, toHex } from "@sprtn/primitives";
import { ArchiverErrorCode } from "../archiver-error.js";
import { decodeBlockRecord, encodeBlockRecord } from "./block-record.js";
import { decodeChainRecord, encodeChainRecord } from "./chain-record.js";
import { decodeCursor, encodeCursor } from "./cursor-record.js";
import { decodeL1Block, encodeL1Block } from "./l1-block-record.js";
import { decodeSubtree, encodeSubtree } from "./subtree-record.js";
import { decodeTxRecord, encodeTxRecord } from "./tx-record.js";

const u32 = fc.nat(2 ** 31);
const block = u32.map(BlockNumber);
const l1 = fc.nat(2 ** 31).map(L1BlockNumber);
const field = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }).map(Field);
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const bytes32 = bytes(32).map(value => Bytes32(toHex(value)));
const blockId = fc.record({ number: block, hash: field });

const records = {
  block: {
    value: fc.record({
      position: fc.record({ blockNumber: l1, blockHash: bytes32, transactionHash: bytes32, logIndex: u32 }),
      headerHash: field,
      archive: field,
      header: bytes(284),
      effects: fc.uint8Array({ maxLength: 1500 }),
    }),
    encode: encodeBlockRecord,
    decode: decodeBlockRecord,
  },
  transaction: { value: fc.record({ block, index: u32 }), encode: encodeTxRecord, decode: decodeTxRecord },
  subtree: { value: fc.array(field, { maxLength: 16 }), encode: encodeSubtree, decode: decodeSubtree },
  chain: {
    value: fc.record({
      pending: blockId,
      proven: blockId,
      proofs: fc.array(fc.record({ l1, tip: blockId })),
      bad: fc.option(
        fc.record({
          number: block,
          code: fc.string(),
          reason: fc.string(),
          evidence: fc.option(
            fc.record({ l1Block: l1, l1Hash: bytes32, transactionHash: bytes32, headerHash: field, archive: field }),
          ),
          tip: fc.option(fc.record({ number: block, archive: field })),
          proven: fc.boolean(),
        }),
      ),
    }),
    encode: encodeChainRecord,
    decode: decodeChainRecord,
  },
  cursor: {
    value: fc.record({ synced: fc.option(l1), l1Finalized: fc.option(l1), finalized: blockId }),
    encode: encodeCursor,
    decode: decodeCursor,
  },
  "L1 block": {
    value: fc.record({
      hash: bytes32,
      undo: fc.array(
        fc.record({
          key: fc.uint8Array({ minLength: 1, maxLength: 40 }),
          value: fc.option(fc.uint8Array({ maxLength: 300 }), { nil: undefined }),
        }),
      ),
    }),
    encode: encodeL1Block,
    decode: decodeL1Block,
  },
} as const;

describe("archiver: records", () => {
  for (const [name, { value, encode, decode }] of Object.entries(records)) {
    it(`a ${name} is read as it was written; one that is cut short is not read`, () => {
      fc.assert(
        fc.property(value as fc.Arbitrary<never>, record => {
          const encoded = encode(record);
          // What is read may share memory with the record: compare values, not buffers.
          expect(plain(decode(encoded))).to.deep.equal(plain(record));
        }),
      );
      const [sample] = fc.sample(value as fc.Arbitrary<never>, { numRuns: 1, seed: 7 });
      const encoded = encode(sample as never);
      const needed =
        name === "block"
          ? encoded.length - (sample as unknown as { effects: Uint8Array }).effects.length
          : encoded.length;
      if (needed > 0)
        expect(() => decode(encoded.subarray(0, needed - 1)))
          .to.throw()
          .with.property("code", ArchiverErrorCode.BAD_RECORD);
    });
  }

  it("a verdict of an earlier version, which names no evidence, is read as one without", () => {
    const written = { pending: { number: 4, hash: "0x1" }, proven: { number: 2, hash: "0x2" }, proofs: [] };
    const bad = { number: 5, code: "BLOCK_PEND_1_WRONG_NUMBER", reason: "its number is 6, after block 4" };
    const record = decodeChainRecord(new TextEncoder().encode(JSON.stringify({ ...written, bad })));
    expect(record.bad).to.deep.equal({ ...bad, evidence: null, tip: null, proven: false });
  });
});

function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner: unknown) =>
      inner instanceof Uint8Array ? toHex(inner) : typeof inner === "bigint" ? inner.toString() : inner,
    ),
  );
}
