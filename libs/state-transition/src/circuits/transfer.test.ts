import { type Field, jsFieldHasher, type Slot } from "@sprtn/primitives";
import { CallKind, checkTxShape, decodeTransferWitness, dummyNullifier, encodeTransferWitness, hashNote, maxFeeOf, messageNullifier, noteNullifier, type TransferWitness, uniqueNoteHash } from "@sprtn/protocol";
import { expect } from "chai";
import fc from "fast-check";
import { absent, addressOf, deposited, dummyInput, friend, maxFee, nobody, output, owner, realInputs, witnesses } from "../test/transfer-fixture.js";
import { CircuitError } from "./circuit-error.js";
import { transferCircuit } from "./transfer.js";

const run = (witness: TransferWitness) => transferCircuit(jsFieldHasher, witness);

/** Runs with one thing changed and expects the constraint that says so. */
function breaks(kind: CallKind, change: (witness: TransferWitness) => Partial<TransferWitness>, constraint: string): void {
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

const broken = <T>(value: T): T => ((value as unknown as bigint) + 1n) as unknown as T;

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
    const spent = witness.inputs.map(note => noteNullifier(jsFieldHasher, uniqueNoteHash(jsFieldHasher, note.firstNullifier, note.outputIndex, hashNote(jsFieldHasher, { ...note, npk })), owner.nsk));
    expect(inputs.nullifiers).to.deep.equal(spent);
    expect(inputs.noteHashes).to.deep.equal(witness.outputs.map((note, i) => uniqueNoteHash(jsFieldHasher, spent[0] as Field, i, hashNote(jsFieldHasher, note))));
    expect(inputs.feeFromNotes).to.equal(maxFeeOf(witness.gas)).and.to.equal(maxFee);
  });

  it("gives dummies nullifiers of their own, and a deposit the message's", () => {
    expect(run(witnesses[CallKind.TRANSFER]).nullifiers).to.deep.equal([31n, 32n].map(randomness => dummyNullifier(jsFieldHasher, owner.nsk, randomness as Field)));
    const deposit = witnesses[CallKind.DEPOSIT];
    expect(run(deposit).nullifiers).to.deep.equal([messageNullifier(jsFieldHasher, deposit.call.message, deposited.secret), dummyNullifier(jsFieldHasher, owner.nsk, 32n as Field)]);
  });

  it("lets one account pay for another's call", () => {
    expect(run({ ...witnesses[CallKind.TRANSFER], feePayer: addressOf(friend), payer: friend }).feePayer).to.equal(addressOf(friend));
  });

  it("conserves value whatever the amounts", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 1_500_000n - maxFee), first => {
        const second = 1_500_000n - maxFee - first;
        expect(() => run({ ...witnesses[CallKind.NONE], outputs: [output(first), output(second)] })).not.to.throw();
        expect(() => run({ ...witnesses[CallKind.NONE], outputs: [output(first), output(second + 1n)] })).to.throw("inputs and outputs do not balance");
      }),
      { numRuns: 3 },
    );
  });

  const ranges: readonly (readonly [string, (witness: TransferWitness) => Partial<TransferWitness>])[] = [
    ["chain id or version is not a u64", () => ({ chainId: 2n ** 64n })],
    ["chain id or version is not a u64", () => ({ rollupVersion: 2n ** 64n })],
    ["expiration slot is not a u32", () => ({ expirationSlot: 2 ** 32 as Slot })],
    ["amount is not a u128", ({ call }) => ({ call: { ...call, amount: 2n ** 128n } })],
    ["a gas limit is not a u32", ({ gas }) => ({ gas: { ...gas, daTeardownGasLimit: 2 ** 32 } })],
    ["a fee per gas is not a u64", ({ gas }) => ({ gas: { ...gas, priorityFees: { perL2Gas: 2n ** 64n, perDaGas: 0n } } })],
    ["an input value is not a u128", ({ inputs }) => ({ inputs: [inputs[0], { ...inputs[1], value: 2n ** 128n }] })],
    ["an input's output index is not 0 or 1", ({ inputs }) => ({ inputs: [inputs[0], { ...inputs[1], outputIndex: 2 }] })],
    ["an input's leaf index is not a u32", ({ inputs }) => ({ inputs: [inputs[0], { ...inputs[1], leafIndex: 2n ** 32n }] })],
    ["an output value is not a u128", ({ outputs }) => ({ outputs: [outputs[0], { ...outputs[1], value: 2n ** 128n }] })],
    ["message index is not a u64", ({ message }) => ({ message: { ...message, globalIndex: 2n ** 64n } })],
  ];
  for (const [constraint, change] of ranges) it(`range: ${constraint}`, () => breaks(CallKind.TRANSFER, change, constraint));

  const calls: readonly (readonly [CallKind, string, (witness: TransferWitness) => Partial<TransferWitness>])[] = [
    [CallKind.TRANSFER, "no such call kind", ({ call }) => ({ call: { ...call, kind: 6 as CallKind } })],
    [CallKind.TRANSFER, "a call has an amount, no call has none", ({ call }) => ({ call: { ...call, amount: 0n } })],
    [CallKind.NONE, "a call has an amount, no call has none", ({ call }) => ({ call: { ...call, amount: 1n } })],
    [CallKind.TRANSFER, "a public sender is there for kinds that debit one, and only for them", () => ({ publicSender: 0n as Field })],
    [CallKind.UNSHIELD, "a public sender is there for kinds that debit one, and only for them", () => ({ publicSender: addressOf(owner), sender: owner })],
    [CallKind.TRANSFER, "a target is there for kinds that have one, and only for them", ({ call }) => ({ call: { ...call, target: 0n as Field } })],
    [CallKind.SHIELD, "a target is there for kinds that have one, and only for them", ({ call }) => ({ call: { ...call, target: addressOf(friend) } })],
    [CallKind.TRANSFER, "only a deposit consumes a message", ({ call }) => ({ call: { ...call, message: 1n as Field } })],
    [CallKind.WITHDRAW, "target of a withdraw is no Ethereum address", ({ call }) => ({ call: { ...call, target: (1n << 160n) as Field } })],
    [CallKind.SHIELD, "a shield spends no notes", ({ inputs }) => ({ inputs: [realInputs[0], inputs[1]] })],
    [CallKind.SHIELD, "a shield has a fee payer", () => ({ feePayer: 0n as Field })],
    [CallKind.DEPOSIT, "first input of a deposit is no dummy", ({ inputs }) => ({ inputs: [realInputs[0], inputs[1]] })],
    [CallKind.DEPOSIT, "portal is no Ethereum address", ({ message }) => ({ message: { ...message, portal: (1n << 160n) as Field } })],
  ];
  for (const [kind, constraint, change] of calls) it(`${CallKind[kind].toLowerCase()}: ${constraint}`, () => breaks(kind, change, constraint));

  const opened = "message does not say what the deposit credits";
  const openings: Readonly<Record<string, (witness: TransferWitness) => Partial<TransferWitness>>> = {
    amount: ({ call }) => ({ call: { ...call, amount: call.amount + 1n } }),
    recipient: ({ call }) => ({ call: { ...call, target: addressOf(friend) } }),
    secret: ({ message }) => ({ message: { ...message, secret: broken(message.secret) } }),
    index: ({ message }) => ({ message: { ...message, globalIndex: message.globalIndex + 1n } }),
    portal: ({ message }) => ({ message: { ...message, portal: broken(message.portal) } }),
    chain: () => ({ chainId: 31338n }),
    message: ({ call }) => ({ call: { ...call, message: broken(call.message) } }),
  };
  for (const [what, change] of Object.entries(openings)) it(`deposit: another ${what} does not open the message`, () => breaks(CallKind.DEPOSIT, change, opened));

  it("public sender: neither another's secrets nor another viewing key", () => {
    const constraint = "public sender's secrets are not known";
    breaks(CallKind.TRANSFER, () => ({ sender: friend }), constraint);
    breaks(CallKind.TRANSFER, () => ({ sender: { ...owner, viewingKey: friend.viewingKey } }), constraint);
    breaks(CallKind.TRANSFER, () => ({ sender: nobody }), constraint);
  });

  it("fee payer: neither another's secrets nor the sender's", () => {
    const constraint = "fee payer's secrets are not known";
    breaks(CallKind.TRANSFER, () => ({ payer: friend }), constraint);
    breaks(CallKind.TRANSFER, () => ({ feePayer: addressOf(friend) }), constraint);
    breaks(CallKind.UNSHIELD, () => ({ payer: { ...friend, viewingKey: owner.viewingKey } }), constraint);
  });

  it("membership: every part of an input note counts", () => {
    const constraint = "an input note is not in the tree of the anchor";
    const first = (change: (note: TransferWitness["inputs"][0]) => Partial<TransferWitness["inputs"][0]>) => breaks(CallKind.NONE, ({ inputs }) => ({ inputs: [{ ...inputs[0], ...change(inputs[0]) }, inputs[1]] }), constraint);
    first(note => ({ value: note.value + 1n }));
    first(note => ({ randomness: broken(note.randomness) }));
    first(note => ({ firstNullifier: broken(note.firstNullifier) }));
    first(note => ({ outputIndex: 1 - note.outputIndex }));
    first(note => ({ leafIndex: note.leafIndex - 1n }));
    first(note => ({ path: [...note.path.slice(0, -1), 9n as Field] }));
    first(note => ({ path: note.path.slice(1) }));
    breaks(CallKind.NONE, () => ({ nsk: friend.nsk }), constraint);
    breaks(CallKind.NONE, ({ anchorNoteHashRoot }) => ({ anchorNoteHashRoot: broken(anchorNoteHashRoot) }), constraint);
  });

  it("outputs: an absent one has no value", () => {
    breaks(CallKind.NONE, ({ outputs }) => ({ outputs: [outputs[0], { ...outputs[1], present: false }] }), "an absent output has a value");
  });

  it("balance: of each kind's own terms", () => {
    const constraint = "inputs and outputs do not balance";
    breaks(CallKind.NONE, ({ outputs }) => ({ outputs: [output(outputs[0].value + 1n), outputs[1]] }), constraint);
    breaks(CallKind.NONE, ({ inputs }) => ({ inputs: [inputs[0], dummyInput(1)] }), constraint);
    breaks(CallKind.NONE, ({ gas }) => ({ gas: { ...gas, l2GasLimit: gas.l2GasLimit + 1 } }), constraint);
    breaks(CallKind.NONE, () => ({ feePayer: addressOf(friend), payer: friend }), constraint);
    breaks(CallKind.SHIELD, ({ call }) => ({ call: { ...call, amount: call.amount + 1n } }), constraint);
    breaks(CallKind.UNSHIELD, ({ call }) => ({ call: { ...call, amount: call.amount - 1n } }), constraint);
    breaks(CallKind.TRANSFER, () => ({ outputs: [output(50n), absent] }), constraint);
    breaks(CallKind.DEPOSIT, () => ({ outputs: [output(deposited.amount), absent] }), constraint);
  });
});
