import { type Field, FIELD_MODULUS, type FieldHasher, jsFieldHasher, type Slot, ZERO_FIELD } from "@sprtn/primitives";
import {
  CallKind,
  checkTxShape,
  decodeTransferWitness,
  deriveAddress,
  deriveNpk,
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

/** How often `work` hashes. */
function hashesIn(work: (hasher: FieldHasher) => unknown): number {
  let count = 0;
  const hash = (inputs: readonly bigint[]) => {
    count++;
    return jsFieldHasher.hash(inputs);
  };
  work({ ...jsFieldHasher, hash });
  return count;
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

  it("tells a payer from the sender by each part of the secrets", () => {
    const { x, y } = owner.viewingKey;
    for (const payer of [
      { ...owner, nsk: friend.nsk },
      { ...owner, viewingKey: { x: friend.viewingKey.x, y } },
      { ...owner, viewingKey: { x, y: friend.viewingKey.y } },
    ]) {
      const paid = { ...witnesses[CallKind.TRANSFER], feePayer: addressOf(payer), payer };
      expect(run(paid).feePayer).to.equal(addressOf(payer));
      breaks(CallKind.TRANSFER, () => ({ payer }), "fee payer's secrets are not known");
    }
  });

  it("takes no notice of a sender's secrets where nobody is debited: the payer's may be the same", () => {
    const unshield = { ...witnesses[CallKind.UNSHIELD], sender: friend };
    expect(run(unshield).feePayer).to.equal(addressOf(friend));
  });

  it("derives the address of who pays for its own call once, and no note key where no note is spent", () => {
    const transfer = witnesses[CallKind.TRANSFER];
    const address = hashesIn(hasher => deriveAddress(hasher, deriveNpk(hasher, owner.nsk), owner.viewingKey));
    const own = hashesIn(hasher => transferCircuit(hasher, transfer));
    const forAnother = { ...transfer, feePayer: addressOf(friend), payer: friend };
    const dummies = hashesIn(hasher => dummyNullifier(hasher, owner.nsk, ZERO_FIELD)) * 2;
    expect(own).to.equal(address + dummies);
    expect(hashesIn(hasher => transferCircuit(hasher, forAnother))).to.equal(2 * address + dummies);
  });

  it("a note of one wei has to be in the tree too", () => {
    breaks(
      CallKind.NONE,
      ({ inputs }) => ({ inputs: [{ ...inputs[0], value: 1n }, inputs[1]] }),
      "an input note is not in the tree of the anchor",
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

  it("a path that is too long, or with a sibling that is no field, shows no membership", () => {
    const path = (change: (path: readonly Field[]) => readonly Field[]) =>
      breaks(
        CallKind.NONE,
        ({ inputs }) => ({ inputs: [{ ...inputs[0], path: change(inputs[0].path) }, inputs[1]] }),
        "an input note is not in the tree of the anchor",
      );
    path(siblings => [...siblings, ZERO_FIELD]);
    path(siblings => siblings.with(0, (siblings[0]! + FIELD_MODULUS) as Field));
  });

  for (const [kind, what, constraint, change] of transferBreaks)
    it(`${CallKind[kind].toLowerCase()} with ${what}: ${constraint}`, () => breaks(kind, change, constraint));
});
