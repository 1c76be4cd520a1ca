import { Field, fieldToBytes, Slot, uintToBytes, ZERO_FIELD } from "@sprtn/primitives";
import { expect } from "chai";
import fc from "fast-check";
import { constants } from "./index.js";
import { ProtocolError, ProtocolErrorCode } from "./protocol-error.js";
import {
  decodeTransferWitness,
  encodeTransferWitness,
  TRANSFER_WITNESS_BYTES,
  TRANSFER_WITNESS_FIELDS,
  type TransferWitness,
} from "./transfer-witness.js";
import { CallKind } from "./tx-public-inputs.js";

const field = fc.bigInt(0n, 2n ** 253n).map(Field);
const uint = (bits: number) => fc.bigInt(0n, 2n ** BigInt(bits) - 1n);
const u32 = fc.nat(2 ** 31 - 1).map(value => 2 * value + 1);
const secrets = fc.record({ nsk: field, viewingKey: fc.record({ x: field, y: field }) });
const input = fc.record({
  value: uint(128),
  randomness: field,
  firstNullifier: field,
  outputIndex: fc.nat(1),
  leafIndex: uint(32),
  path: fc.array(field, { minLength: 32, maxLength: 32 }),
});
const output = fc.record({ present: fc.boolean(), value: uint(128), npk: field, randomness: field });
const fees = fc.record({ perL2Gas: uint(64), perDaGas: uint(64) });

const witnesses: fc.Arbitrary<TransferWitness> = fc.record({
  chainId: uint(64),
  rollupVersion: uint(64),
  anchorNoteHashRoot: field,
  expirationSlot: u32.map(Slot),
  encryptedNotesHash: field,
  publicSender: field,
  call: fc.record({
    kind: fc.constantFrom<CallKind[]>(0, 1, 2, 3, 4, 5),
    target: field,
    amount: uint(128),
    message: field,
  }),
  feePayer: field,
  gas: fc.record({
    l2GasLimit: u32,
    daGasLimit: u32,
    l2TeardownGasLimit: u32,
    daTeardownGasLimit: u32,
    maxFees: fees,
    priorityFees: fees,
  }),
  nsk: field,
  inputs: fc.tuple(input, input),
  outputs: fc.tuple(output, output),
  sender: secrets,
  payer: secrets,
  message: fc.record({ portal: field, globalIndex: uint(64), secret: field }),
});

describe("transfer witness codec", () => {
  const zero = new Uint8Array(TRANSFER_WITNESS_BYTES);
  const withField = (index: number, bytes: Uint8Array): Uint8Array => {
    const changed = zero.slice();
    changed.set(bytes, 32 * index);
    return changed;
  };
  const refuses = (bytes: Uint8Array, what: string) => {
    try {
      decodeTransferWitness(bytes);
    } catch (error) {
      expect(error).to.be.instanceOf(ProtocolError);
      expect((error as ProtocolError).code).to.equal(ProtocolErrorCode.BAD_WITNESS);
      expect((error as ProtocolError).message).to.contain(what);
      return;
    }
    expect.fail(`accepted, expected: ${what}`);
  };

  it("round trips, 111 fields always", () => {
    expect(TRANSFER_WITNESS_FIELDS).to.equal(111);
    fc.assert(
      fc.property(witnesses, witness => {
        const bytes = encodeTransferWitness(witness);
        expect(bytes.length).to.equal(111 * 32);
        expect(decodeTransferWitness(bytes)).to.deep.equal(witness);
      }),
      { numRuns: 30 },
    );
  });

  it("refuses another length", () => {
    refuses(zero.slice(1), "bytes");
    refuses(new Uint8Array(TRANSFER_WITNESS_BYTES + 32), "bytes");
  });

  it("refuses values beyond their types", () => {
    const u64 = uintToBytes(2n ** 64n, 32);
    const u128 = uintToBytes(2n ** 128n, 32);
    const over32 = uintToBytes(2n ** 32n, 32);
    const two = fieldToBytes(Field(2));
    const noField = new Uint8Array(32).fill(255);
    const cases: readonly (readonly [number, Uint8Array, string])[] = [
      [0, u64, "chainId"],
      [1, u64, "rollupVersion"],
      [2, noField, "anchorNoteHashRoot"],
      [3, over32, "expirationSlot"],
      [6, fieldToBytes(Field(6)), "call kind"],
      [8, u128, "callAmount"],
      [11, over32, "l2GasLimit"],
      [15, u64, "maxFeePerL2Gas"],
      [20, u128, "input's value"],
      [23, two, "output index"],
      [24, over32, "leaf index"],
      [25, noField, "sibling"],
      [94, two, "presence"],
      [95, u128, "output's value"],
      [109, u64, "globalIndex"],
    ];
    for (const [index, bytes, what] of cases) refuses(withField(index, bytes), what);
  });

  it("refuses to encode a path of another length", () => {
    const witness = decodeTransferWitness(zero);
    const [first, second] = witness.inputs;
    expect(first.path.length).to.equal(constants.NOTE_HASH_TREE_DEPTH);
    expect(() => encodeTransferWitness({ ...witness, inputs: [{ ...first, path: [ZERO_FIELD] }, second] }))
      .to.throw(ProtocolError)
      .with.property("code", ProtocolErrorCode.BAD_WITNESS);
  });
});
