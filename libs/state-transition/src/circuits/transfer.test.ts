import { type Field, jsFieldHasher, type Slot } from "@sprtn/primitives";
import {
  CallKind,
  checkTxShape,
  decodeTransferWitness,
  dummyNullifier,
  encodeTransferWitness,
  hashNote,
  maxFeeOf,
  messageNullifier,
  noteNullifier,
  type TransferWitness,
  uniqueNoteHash,
} from "@sprtn/protocol";
import { expect } from "chai";
import fc from "fast-check";
import {
  addressOf,
  deposited,
  friend,
  maxFee,
  output,
  owner,
  transferBreaks,
  witnesses,
} from "../test/transfer-fixture.js";
import { CircuitError } from "./circuit-error.js";
import { transferCircuit } from "./transfer.js";

const run = (witness: TransferWitness) => transferCircuit(jsFieldHasher, witness);

/** Runs with one thing changed and expects the constraint that says so. */
function breaks(
  kind: CallKind,
  change: (witness: TransferWitness) => Partial<TransferWitness>,
  constraint: string,
): void {
  const witness = { ...witnesses[kind], ...change(witnesses[kind]) };
  try {
    run(witness);
  } catch (error) {
    expect(error).to.be.instanceOf(CircuitError);
    expect((error as CircuitError).payload.constraint).to.equal(constraint);
    return;
  }
  expect.fail(`nothing broke: expected "${constraint}"`);
}

describe("transfer circuit", () => {
  for (const kind of [0, 1, 2, 3, 4, 5] as CallKind[]) {
    it(`accepts a ${CallKind[kind].toLowerCase()}, as its bytes and as a transaction's shape`, () => {
      const inputs = run(witnesses[kind]);
      const decoded = decodeTransferWitness(encodeTransferWitness(witnesses[kind]));
      expect(decoded).to.deep.equal(witnesses[kind]);
      expect(run(decoded)).to.deep.equal(inputs);
      expect(checkTxShape(inputs)).to.deep.equal([]);
    });
  }

  it("spends notes with their nullifiers and creates unique note hashes", () => {
    const witness = witnesses[CallKind.NONE];
    const inputs = run(witness);
    const npk = output(1n, owner).npk;
    const spent = witness.inputs.map(note =>
      noteNullifier(
        jsFieldHasher,
        uniqueNoteHash(jsFieldHasher, note, hashNote(jsFieldHasher, { ...note, npk })),
        owner.nsk,
      ),
    );
    expect(inputs.nullifiers).to.deep.equal(spent);
    expect(inputs.noteHashes).to.deep.equal(
      witness.outputs.map((note, i) =>
        uniqueNoteHash(
          jsFieldHasher,
          { firstNullifier: spent[0] as Field, outputIndex: i },
          hashNote(jsFieldHasher, note),
        ),
      ),
    );
    expect(inputs.feeFromNotes).to.equal(maxFeeOf(witness.gas)).and.to.equal(maxFee);
  });

  it("gives dummies nullifiers of their own, and a deposit the message's", () => {
    expect(run(witnesses[CallKind.TRANSFER]).nullifiers).to.deep.equal(
      [31n, 32n].map(randomness => dummyNullifier(jsFieldHasher, owner.nsk, randomness as Field)),
    );
    const deposit = witnesses[CallKind.DEPOSIT];
    expect(run(deposit).nullifiers).to.deep.equal([
      messageNullifier(jsFieldHasher, deposit.call.message, deposited.secret),
      dummyNullifier(jsFieldHasher, owner.nsk, 32n as Field),
    ]);
  });

  it("lets one account pay for another's call", () => {
    expect(run({ ...witnesses[CallKind.TRANSFER], feePayer: addressOf(friend), payer: friend }).feePayer).to.equal(
      addressOf(friend),
    );
  });

  it("conserves value whatever the amounts", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 1_500_000n - maxFee), first => {
        const second = 1_500_000n - maxFee - first;
        expect(() => run({ ...witnesses[CallKind.NONE], outputs: [output(first), output(second)] })).not.to.throw();
        expect(() => run({ ...witnesses[CallKind.NONE], outputs: [output(first), output(second + 1n)] })).to.throw(
          "inputs and outputs do not balance",
        );
      }),
      { numRuns: 3 },
    );
  });

  const ranges: readonly (readonly [string, (witness: TransferWitness) => Partial<TransferWitness>])[] = [
    ["chain id or version is not a u64", () => ({ chainId: 2n ** 64n })],
    ["chain id or version is not a u64", () => ({ rollupVersion: 2n ** 64n })],
    ["expiration slot is not a u32", () => ({ expirationSlot: (2 ** 32) as Slot })],
    ["amount is not a u128", ({ call }) => ({ call: { ...call, amount: 2n ** 128n } })],
    ["a gas limit is not a u32", ({ gas }) => ({ gas: { ...gas, daTeardownGasLimit: 2 ** 32 } })],
    [
      "a fee per gas is not a u64",
      ({ gas }) => ({ gas: { ...gas, priorityFees: { perL2Gas: 2n ** 64n, perDaGas: 0n } } }),
    ],
    ["an input value is not a u128", ({ inputs }) => ({ inputs: [inputs[0], { ...inputs[1], value: 2n ** 128n }] })],
    [
      "an input's output index is not 0 or 1",
      ({ inputs }) => ({ inputs: [inputs[0], { ...inputs[1], outputIndex: 2 }] }),
    ],
    [
      "an input's leaf index is not a u32",
      ({ inputs }) => ({ inputs: [inputs[0], { ...inputs[1], leafIndex: 2n ** 32n }] }),
    ],
    [
      "an output value is not a u128",
      ({ outputs }) => ({ outputs: [outputs[0], { ...outputs[1], value: 2n ** 128n }] }),
    ],
    ["message index is not a u64", ({ message }) => ({ message: { ...message, globalIndex: 2n ** 64n } })],
  ];
  for (const [constraint, change] of ranges)
    it(`range: ${constraint}`, () => breaks(CallKind.TRANSFER, change, constraint));

  it("range: no such call kind", () =>
    breaks(CallKind.TRANSFER, ({ call }) => ({ call: { ...call, kind: 6 as CallKind } }), "no such call kind"));

  it("a path that is too short shows no membership", () => {
    breaks(
      CallKind.NONE,
      ({ inputs }) => ({ inputs: [{ ...inputs[0], path: inputs[0].path.slice(1) }, inputs[1]] }),
      "an input note is not in the tree of the anchor",
    );
  });

  for (const [kind, what, constraint, change] of transferBreaks)
    it(`${CallKind[kind].toLowerCase()} with ${what}: ${constraint}`, () => breaks(kind, change, constraint));
});
