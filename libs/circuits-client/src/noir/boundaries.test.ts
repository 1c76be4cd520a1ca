import { EthAddress, Field } from "@sprtn/primitives";
import {
  CallKind,
  constants,
  encodeTransferWitness,
  hashL1ToL2Message,
  publicInputsFromFields,
  publicInputsToFields,
  type Tx,
} from "@sprtn/protocol";
import { absent, dummyInput, output, owner, realInputs, witnesses } from "@sprtn/state-transition/transfer-fixture";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { encodeCircuitInputs, type TxBaseInputs } from "@sprtn/state-transition/circuits";
import { expect } from "chai";
import { bases, hasher, high, keys, low, twin } from "../test/breaks/satisfying.js";
import { witnessesOf } from "../test/random-chain.js";

const U128_MAX = 2n ** 128n - 1n;
const funds = 10n ** 12n;

/** The inputs of tx base for a transaction of a chain on which two accounts have funds. */
function baseOf(prepare: (fixture: ChainFixture) => Tx): TxBaseInputs {
  const fixture = new ChainFixture(hasher);
  fixture.mine(
    [low, high].map(account => fixture.deposit(fixture.message(account, funds), { recipient: account, amount: funds })),
  );
  const tx = prepare(fixture);
  const { txs } = fixture.mine([tx]);
  expect(txs).to.deep.equal([tx]);
  const base = witnessesOf(fixture, keys).at(-1)!.witness.bases[0]!;
  return { ...base, transfer: twin.child("transfer", base.transfer.publicInputs) };
}

const payer = { sender: low, payer: high };

/** What a rule allows at its very edge; both sides of the twin have to. */
const edges: readonly [what: string, prepare: (fixture: ChainFixture) => Tx, reverts?: boolean][] = [
  [
    "the whole balance is transferred",
    fixture => fixture.tx({ kind: CallKind.TRANSFER, target: high, amount: fixture.state.publicBalance(low) }, payer),
  ],
  [
    "the whole balance is withdrawn",
    fixture =>
      fixture.tx({ kind: CallKind.WITHDRAW, target: Field(0xbeef), amount: fixture.state.publicBalance(low) }, payer),
  ],
  [
    "one wei more than the balance: the call reverts",
    fixture =>
      fixture.tx({ kind: CallKind.TRANSFER, target: high, amount: fixture.state.publicBalance(low) + 1n }, payer),
    true,
  ],
  [
    "the block's slot is the last one before it expires",
    fixture =>
      fixture.tx(
        { kind: CallKind.TRANSFER, target: high, amount: 1n },
        { ...payer, expiration: fixture.environment().slot },
      ),
  ],
  [
    "the L2 gas limit is just what it needs",
    fixture =>
      fixture.tx(
        { kind: CallKind.WITHDRAW, target: Field(0xbeef), amount: 1n },
        {
          ...payer,
          gasLimit:
            constants.L2_GAS_TX +
            2 * constants.L2_GAS_NULLIFIER +
            3 * constants.L2_GAS_WRITE +
            constants.L2_GAS_MESSAGE,
        },
      ),
  ],
  [
    "the DA gas limit is just what it needs",
    fixture =>
      fixture.tx(
        { kind: CallKind.TRANSFER, target: high, amount: 1n },
        { ...payer, daGasLimit: constants.DA_GAS_BYTE * constants.TX_EFFECT_BYTES },
      ),
  ],
  [
    "the maximum fee is the base fee",
    fixture =>
      fixture.tx(
        { kind: CallKind.TRANSFER, target: high, amount: 1n },
        { ...payer, maxFee: fixture.environment().baseFees.perL2Gas },
      ),
  ],
  [
    "the maximum fee of DA gas is its base fee",
    fixture =>
      fixture.tx(
        { kind: CallKind.TRANSFER, target: high, amount: 1n },
        { ...payer, maxDaFee: fixture.environment().baseFees.perDaGas },
      ),
  ],
  [
    "a deposit lifts a balance to 2^128 − 1",
    fixture => {
      const amount = U128_MAX - fixture.state.publicBalance(low);
      return fixture.deposit(fixture.message(low, amount), { recipient: low, amount, payer: high });
    },
  ],
];

describe("at the boundary a transaction still holds", () => {
  for (const [what, prepare, reverts = false] of edges) {
    it(`tx-base: ${what}`, async () => {
      const base = baseOf(prepare);
      expect(base.revert !== null).to.equal(reverts);
      expect(await twin.run("tx-base", encodeCircuitInputs(base))).to.be.an("array");
    });
  }

  it("transfer: a deposit may spend a note as its second input", async () => {
    const deposit = witnesses[CallKind.DEPOSIT];
    const witness = {
      ...deposit,
      inputs: [dummyInput(31), realInputs[1]] as const,
      outputs: [output(realInputs[1].value, owner), absent] as const,
    };
    expect(await twin.run("transfer", encodeTransferWitness(witness))).to.be.an("array");
  });

  it("transfer: a withdrawal to the greatest Ethereum address", async () => {
    const withdrawal = witnesses[CallKind.WITHDRAW];
    const witness = { ...withdrawal, call: { ...withdrawal.call, target: Field(2n ** 160n - 1n) } };
    expect(await twin.run("transfer", encodeTransferWitness(witness))).to.be.an("array");
  });
});

describe("a second FeePortal", () => {
  const other = EthAddress(`0x${"fd".repeat(20)}`);

  it("gives a withdrawal another message and another block constant: L1 and the block root see which", async () => {
    const { withdraw } = bases;
    expect(withdraw.constants.feePortal).to.not.equal(other);
    const [own, foreign] = await Promise.all(
      [withdraw, { ...withdraw, constants: { ...withdraw.constants, feePortal: other } }].map(
        async inputs => (await twin.run("tx-base", encodeCircuitInputs(inputs))) as readonly Field[],
      ),
    );
    const differing = own!.map((field, i) => (field === foreign![i] ? -1 : i)).filter(i => i >= 0);
    // constantsHash, effectsHash, outHash.
    expect(differing).to.deep.equal([0, 14, 15]);
  });

  it("cannot credit: its message is in no tree that this portal's Inbox filled", async () => {
    const { deposit } = bases;
    const tx = publicInputsFromFields(deposit.transfer.publicInputs);
    const opened = { recipient: tx.call.target, amount: tx.call.amount, globalIndex: deposit.message!.index };
    const ids = { chainId: tx.chainId, rollupVersion: tx.rollupVersion };
    const foreign = hashL1ToL2Message({ ...ids, feePortal: other }, { ...opened, secretHash: Field(1) });
    const publicInputs = publicInputsToFields({ ...tx, call: { ...tx.call, message: foreign } });
    const inputs = { ...deposit, transfer: { ...deposit.transfer, publicInputs } };
    expect(await twin.run("tx-base", encodeCircuitInputs(inputs))).to.equal("message is not in the message tree");
  });
});
