import { Field, Slot } from "@sprtn/primitives";
import { expect } from "chai";
import fc from "fast-check";
import { CallKind, checkTxShape, gasOf, maxFeeOf, type PublicCall, type TxPublicInputs, TxShapeCode } from "./index.js";

const zero = Field(0n);
const calls: Readonly<Record<CallKind, { call: PublicCall; publicSender: Field }>> = {
  [CallKind.NONE]: { publicSender: zero, call: { kind: CallKind.NONE, target: zero, amount: 0n, message: zero } },
  [CallKind.TRANSFER]: {
    publicSender: Field(7n),
    call: { kind: CallKind.TRANSFER, target: Field(8n), amount: 5n, message: zero },
  },
  [CallKind.SHIELD]: {
    publicSender: Field(7n),
    call: { kind: CallKind.SHIELD, target: zero, amount: 5n, message: zero },
  },
  [CallKind.UNSHIELD]: {
    publicSender: zero,
    call: { kind: CallKind.UNSHIELD, target: Field(8n), amount: 5n, message: zero },
  },
  [CallKind.DEPOSIT]: {
    publicSender: zero,
    call: { kind: CallKind.DEPOSIT, target: Field(8n), amount: 5n, message: Field(9n) },
  },
  [CallKind.WITHDRAW]: {
    publicSender: Field(7n),
    call: { kind: CallKind.WITHDRAW, target: Field(8n), amount: 5n, message: zero },
  },
};
const kinds = Object.keys(calls).map(Number) as CallKind[];

function wellFormed(kind: CallKind, feePayer = Field(6n)): TxPublicInputs {
  const gas = {
    l2GasLimit: 20_000,
    daGasLimit: 1_000,
    l2TeardownGasLimit: 0,
    daTeardownGasLimit: 0,
    maxFees: { perL2Gas: 3n, perDaGas: 2n },
    priorityFees: { perL2Gas: 1n, perDaGas: 1n },
  };
  return {
    chainId: 1n,
    rollupVersion: 1n,
    anchorNoteHashRoot: Field(1n),
    expirationSlot: Slot(10),
    nullifiers: [Field(2n), Field(3n)],
    noteHashes: [Field(4n), Field(5n)],
    encryptedNotesHash: Field(1n),
    feePayer,
    feeFromNotes: feePayer === 0n ? maxFeeOf(gas) : 0n,
    gas,
    ...calls[kind],
  };
}

const codes = (inputs: TxPublicInputs) => checkTxShape(inputs).map(violation => violation.code);
function withGas(gas: Partial<TxPublicInputs["gas"]>): TxPublicInputs {
  const inputs = wellFormed(CallKind.NONE);
  return { ...inputs, gas: { ...inputs.gas, ...gas } };
}
const withCall = (kind: CallKind, call: Partial<PublicCall>) => {
  const inputs = wellFormed(kind);
  return { ...inputs, call: { ...inputs.call, ...call } };
};

/** For every code, inputs that break its rule and no other: a code without any does not compile, and fails. */
const broken: Readonly<Record<TxShapeCode, TxPublicInputs>> = {
  [TxShapeCode.SENDER_MISSING]: { ...wellFormed(CallKind.TRANSFER), publicSender: zero },
  [TxShapeCode.SENDER_NOT_ALLOWED]: { ...wellFormed(CallKind.UNSHIELD), publicSender: Field(1n) },
  [TxShapeCode.TARGET_MISSING]: withCall(CallKind.TRANSFER, { target: zero }),
  [TxShapeCode.TARGET_NOT_ALLOWED]: withCall(CallKind.SHIELD, { target: Field(1n) }),
  [TxShapeCode.TARGET_NOT_ETHEREUM]: withCall(CallKind.WITHDRAW, { target: Field(2n ** 160n) }),
  [TxShapeCode.AMOUNT_ZERO]: withCall(CallKind.TRANSFER, { amount: 0n }),
  [TxShapeCode.AMOUNT_NOT_ALLOWED]: withCall(CallKind.NONE, { amount: 1n }),
  [TxShapeCode.MESSAGE_MISSING]: withCall(CallKind.DEPOSIT, { message: zero }),
  [TxShapeCode.MESSAGE_NOT_ALLOWED]: withCall(CallKind.TRANSFER, { message: Field(1n) }),
  [TxShapeCode.FEE_PAYER_MISSING]: wellFormed(CallKind.SHIELD, zero),
  [TxShapeCode.FEE_FROM_NOTES_WRONG]: { ...wellFormed(CallKind.NONE), feeFromNotes: 1n },
  [TxShapeCode.NULLIFIER_ZERO]: { ...wellFormed(CallKind.NONE), nullifiers: [zero, Field(2n)] },
  [TxShapeCode.NULLIFIERS_EQUAL]: { ...wellFormed(CallKind.NONE), nullifiers: [Field(2n), Field(2n)] },
  [TxShapeCode.L2_GAS_LIMIT_TOO_LOW]: withGas({ l2GasLimit: 0 }),
  [TxShapeCode.DA_GAS_LIMIT_TOO_LOW]: withGas({ daGasLimit: 0 }),
};

describe("the shape of a transaction", () => {
  for (const code of Object.values(TxShapeCode))
    it(`${code}: told of what breaks this rule, and nothing else`, () =>
      expect(codes(broken[code])).to.deep.equal([code]));

  for (const kind of kinds) {
    const name = CallKind[kind].toLowerCase();
    const { publicSender, call } = calls[kind];

    it(`${name}: a well-formed one breaks no rule, with a fee payer or (but for shield) from notes`, () => {
      expect(codes(wellFormed(kind))).to.deep.equal([]);
      expect(codes(wellFormed(kind, zero))).to.deep.equal(
        kind === CallKind.SHIELD ? [TxShapeCode.FEE_PAYER_MISSING] : [],
      );
    });

    it(`${name}: a sender, target, message or amount that is missing or too many is told`, () => {
      const flipped = (value: bigint) => (value === 0n ? Field(1n) : zero);
      expect(codes({ ...wellFormed(kind), publicSender: flipped(publicSender) })).to.deep.equal([
        publicSender === 0n ? TxShapeCode.SENDER_NOT_ALLOWED : TxShapeCode.SENDER_MISSING,
      ]);
      expect(codes(withCall(kind, { target: flipped(call.target) }))).to.deep.equal([
        call.target === 0n ? TxShapeCode.TARGET_NOT_ALLOWED : TxShapeCode.TARGET_MISSING,
      ]);
      expect(codes(withCall(kind, { message: flipped(call.message) }))).to.deep.equal([
        call.message === 0n ? TxShapeCode.MESSAGE_NOT_ALLOWED : TxShapeCode.MESSAGE_MISSING,
      ]);
      expect(codes(withCall(kind, { amount: flipped(call.amount) }))).to.deep.equal([
        call.amount === 0n ? TxShapeCode.AMOUNT_NOT_ALLOWED : TxShapeCode.AMOUNT_ZERO,
      ]);
    });
  }

  it("says in whole words what a call has not", () => {
    const reasons = (inputs: TxPublicInputs) => checkTxShape(inputs).map(violation => violation.reason);
    expect(reasons({ ...wellFormed(CallKind.DEPOSIT), publicSender: Field(1n) })).to.deep.equal([
      "a call of kind deposit has no public sender: set it to 0",
    ]);
    expect(reasons(withCall(CallKind.NONE, { amount: 1n }))).to.deep.equal([
      "a call of kind none has no amount: set it to 0",
    ]);
    expect(reasons(withCall(CallKind.TRANSFER, { message: Field(1n) }))).to.deep.equal([
      "a call of kind transfer has no L1→L2 message: set it to 0",
    ]);
  });

  it("a withdraw goes to an Ethereum address", () => {
    expect(codes(withCall(CallKind.WITHDRAW, { target: Field(2n ** 160n - 1n) }))).to.deep.equal([]);
    expect(codes(withCall(CallKind.WITHDRAW, { target: Field(2n ** 160n) }))).to.deep.equal([
      TxShapeCode.TARGET_NOT_ETHEREUM,
    ]);
  });

  it("the fee from notes is maxFee without a fee payer, else 0", () => {
    const fromNotes = wellFormed(CallKind.NONE, zero);
    expect(codes({ ...fromNotes, feeFromNotes: fromNotes.feeFromNotes - 1n })).to.deep.equal([
      TxShapeCode.FEE_FROM_NOTES_WRONG,
    ]);
    expect(codes({ ...wellFormed(CallKind.NONE), feeFromNotes: 1n })).to.deep.equal([TxShapeCode.FEE_FROM_NOTES_WRONG]);
  });

  it("nullifiers are not 0 and not the same", () => {
    expect(codes({ ...wellFormed(CallKind.NONE), nullifiers: [Field(2n), zero] })).to.deep.equal([
      TxShapeCode.NULLIFIER_ZERO,
    ]);
    expect(codes({ ...wellFormed(CallKind.NONE), nullifiers: [Field(2n), Field(2n)] })).to.deep.equal([
      TxShapeCode.NULLIFIERS_EQUAL,
    ]);
  });

  it("gas limits cover the gas used, exactly", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.nat(1_000_000),
        fc.nat(1_000_000),
        (kind, l2TeardownGasLimit, daTeardownGasLimit) => {
          const inputs = wellFormed(kind);
          const used = gasOf({ ...inputs, gas: { ...inputs.gas, l2TeardownGasLimit, daTeardownGasLimit } });
          const gas = {
            ...inputs.gas,
            l2TeardownGasLimit,
            daTeardownGasLimit,
            l2GasLimit: Number(used.l2),
            daGasLimit: Number(used.da),
          };
          expect(codes({ ...inputs, gas })).to.deep.equal([]);
          expect(codes({ ...inputs, gas: { ...gas, l2GasLimit: gas.l2GasLimit - 1 } })).to.deep.equal([
            TxShapeCode.L2_GAS_LIMIT_TOO_LOW,
          ]);
          expect(codes({ ...inputs, gas: { ...gas, daGasLimit: gas.daGasLimit - 1 } })).to.deep.equal([
            TxShapeCode.DA_GAS_LIMIT_TOO_LOW,
          ]);
        },
      ),
    );
  });

  it("tells every rule that is broken, each with what to do", () => {
    const violations = checkTxShape({
      ...wellFormed(CallKind.NONE),
      publicSender: Field(1n),
      nullifiers: [zero, zero],
    });
    expect(violations.map(violation => violation.code)).to.have.members([
      TxShapeCode.SENDER_NOT_ALLOWED,
      TxShapeCode.NULLIFIER_ZERO,
    ]);
    for (const violation of violations) expect(violation.reason).to.match(/: /);
  });
});
