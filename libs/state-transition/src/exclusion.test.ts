import { Field } from "@sprtn/primitives";
import { CallKind, createTx, gasOf, type Tx } from "@sprtn/protocol";
import { jsFieldHasher } from "@sprtn/primitives";
import { expect } from "chai";
import fc from "fast-check";
import { type BlockEnvironment, buildBlock, ExclusionCode, prospectOf } from "./index.js";
import { ChainFixture, gasTarget } from "./test/chain-fixture.js";

const [alice, whale, second, bob, broke] = [Field(101), Field(102), Field(103), Field(104), Field(105)];
const MOST = 2n ** 128n - 1n;
const proposer = Field(999);

/** Alice can pay; two accounts hold nearly 2^128 wei each, more than can be there together in one. */
function withWhales(): ChainFixture {
  const fixture = new ChainFixture();
  const fund = (to: Field, amount: bigint) => fixture.deposit(fixture.message(to, amount), { recipient: to, amount });
  expect(fixture.mine([fund(alice, 10n ** 15n), fund(whale, MOST), fund(second, MOST)]).excluded).to.deep.equal([]);
  return fixture;
}

const build = (fixture: ChainFixture, txs: readonly Tx[], change: Partial<BlockEnvironment> = {}) => {
  const environment = { ...fixture.environment(), ...change };
  const messages = fixture.messages.get(environment.number) ?? [];
  return buildBlock({ fork: fixture.state.fork(), lookups: fixture.lookups }, { txs, messages }, environment);
};
const codes = (...args: Parameters<typeof build>) => build(...args).excluded.map(({ reason }) => reason.code);

/** With so much gas in advance that it fills a block. */
function hungry(fixture: ChainFixture, sender: Field, over = 0n): Tx {
  const tx = fixture.tx({ kind: CallKind.TRANSFER, target: bob, amount: 1n }, { sender, payer: sender, priority: 9n });
  const ahead = Number(2n * gasTarget.l2 - gasOf(tx.inputs).l2 + over);
  const gas = { ...tx.inputs.gas, l2GasLimit: 10 ** 6, l2TeardownGasLimit: ahead };
  return createTx(jsFieldHasher, { ...tx, inputs: { ...tx.inputs, gas } });
}

describe("transactions that cannot be included", () => {
  it("TX-3: a balance that would reach 2^128 keeps the transaction out that credits it", () => {
    const fixture = withWhales();
    const by = { sender: second, payer: alice };
    const much = fixture.state.publicBalance(second);
    const poisoned = fixture.tx({ kind: CallKind.TRANSFER, target: whale, amount: much }, by);
    expect(codes(fixture, [poisoned])).to.deep.equal([ExclusionCode.BALANCE_OVERFLOW]);
    const unshield = fixture.tx({ kind: CallKind.UNSHIELD, target: whale, amount: MOST }, { payer: alice });
    expect(codes(fixture, [unshield])).to.deep.equal([ExclusionCode.BALANCE_OVERFLOW]);
    const message = fixture.message(whale, MOST);
    expect(codes(fixture, [fixture.deposit(message, { recipient: whale, amount: MOST, payer: alice })])).to.deep.equal([
      ExclusionCode.BALANCE_OVERFLOW,
    ]);
    // To itself nothing changes, and a sender who cannot pay reverts.
    const itself = fixture.tx({ kind: CallKind.TRANSFER, target: second, amount: much }, by);
    const reverts = fixture.tx({ kind: CallKind.TRANSFER, target: whale, amount: MOST }, { ...by, sender: alice });
    expect(codes(fixture, [itself, reverts])).to.deep.equal([]);
  });

  it("TX-3: a full fee recipient is not the transaction's fault: without tip or for another proposer it is in", () => {
    const fixture = withWhales();
    const amount = MOST - 10n;
    const message = fixture.message(proposer, amount);
    fixture.mine([fixture.deposit(message, { recipient: proposer, amount, payer: alice })]);
    const transfer = (priority: bigint) =>
      fixture.tx({ kind: CallKind.TRANSFER, target: bob, amount: 1n }, { sender: alice, payer: alice, priority });
    const tipping = transfer(5n);
    expect(codes(fixture, [tipping])).to.deep.equal([ExclusionCode.FEE_RECIPIENT_FULL]);
    expect(codes(fixture, [transfer(0n)])).to.deep.equal([]);
    expect(codes(fixture, [tipping], { feeRecipient: Field(998) })).to.deep.equal([]);
    // Its own call may fill the recipient: then too it is the tip that does not fit.
    const filling = fixture.tx(
      { kind: CallKind.TRANSFER, target: Field(998), amount: fixture.state.publicBalance(whale) },
      { sender: whale, payer: alice, priority: 10n ** 9n, maxFee: 10n ** 10n },
    );
    expect(codes(fixture, [filling], { feeRecipient: Field(998) })).to.deep.equal([ExclusionCode.FEE_RECIPIENT_FULL]);
  });

  it("trouble of one's own while a block is built is not the transaction's fault: it ends the building", () => {
    const fixture = withWhales();
    const tx = fixture.tx({ kind: CallKind.TRANSFER, target: bob, amount: 1n }, { sender: alice, payer: alice });
    const trouble = new Error("the disk is gone");
    const lookups = new Proxy(fixture.lookups, {
      get: () => () => {
        throw trouble;
      },
    });
    expect(() =>
      buildBlock({ fork: fixture.state.fork(), lookups }, { txs: [tx], messages: [] }, fixture.environment()),
    ).to.throw(trouble);
  });

  it("each reason says whether it can heal", () => {
    const expected = {
      never: [ExclusionCode.WRONG_CHAIN, ExclusionCode.GAS_LIMIT_TOO_LOW],
      "unless-undone": [ExclusionCode.EXPIRED, ExclusionCode.NULLIFIER_USED, ExclusionCode.BALANCE_OVERFLOW],
      "may-heal": [
        ExclusionCode.UNKNOWN_ANCHOR,
        ExclusionCode.MAX_FEE_TOO_LOW,
        ExclusionCode.FEE_UNPAYABLE,
        ExclusionCode.MESSAGE_ABSENT,
        ExclusionCode.BLOCK_FULL,
        ExclusionCode.FEE_RECIPIENT_FULL,
      ],
    };
    for (const [prospect, all] of Object.entries(expected))
      for (const code of all) expect(prospectOf(code), code).to.equal(prospect);
    expect(Object.values(expected).flat()).to.have.members(Object.values(ExclusionCode));
  });

  it("one that the rest of the block has no room for is looked past", () => {
    const fixture = withWhales();
    const small = () => fixture.tx({ kind: CallKind.NONE }, { notes: 1 });
    const [first, last] = [small(), small()];
    const built = build(fixture, [first, hungry(fixture, alice), last]);
    expect(built.txs.map(tx => tx.hash)).to.deep.equal([first.hash, last.hash]);
    expect(built.excluded.map(({ reason }) => reason.code)).to.deep.equal([ExclusionCode.BLOCK_FULL]);
  });

  it("whatever the pool holds, the first that can be included is; what is left out was tried or had no room", () => {
    const fixture = withWhales();
    const used = fixture.tip.effects[0]!.nullifiers[0];
    const waiting = fixture.message(bob, 5n);
    fixture.messages.delete(fixture.tip.header.number + 1);
    const shared = fixture.fresh();
    const transfer = (target: Field, options: Parameters<ChainFixture["tx"]>[1]) =>
      fixture.tx({ kind: CallKind.TRANSFER, target, amount: 1n }, options);
    const kinds: readonly (() => Tx)[] = [
      () => transfer(bob, { sender: alice, payer: alice, priority: 3n }),
      () => fixture.tx({ kind: CallKind.NONE }, { notes: 2 }),
      () => transfer(bob, { sender: alice, payer: alice, nullifier: shared }),
      () => fixture.tx({ kind: CallKind.TRANSFER, target: whale, amount: MOST / 2n }, { sender: second, payer: alice }),
      () => transfer(bob, { sender: alice, payer: broke }),
      () => transfer(bob, { sender: alice, payer: alice, nullifier: used }),
      () => transfer(bob, { sender: alice, payer: alice, expiration: 1 }),
      () => transfer(bob, { sender: alice, payer: alice, maxFee: 1n }),
      () => transfer(bob, { sender: alice, payer: alice, anchor: Field(5) }),
      () => fixture.deposit(waiting, { recipient: bob, amount: 5n }),
      () => hungry(fixture, alice),
      () => hungry(fixture, alice, 1n),
    ];
    fc.assert(
      fc.property(
        fc.array(fc.nat(kinds.length - 1), { maxLength: 12 }),
        fc.integer({ min: 1, max: 6 }),
        (picks, maxTxs) => {
          const txs = picks.map(pick => kinds[pick]!());
          const alone = txs.find(tx => build(fixture, [tx]).txs.length === 1);
          const built = build(fixture, txs, { maxTxs });
          expect(built.txs[0]?.hash).to.equal(alone?.hash);
          const judged = built.txs.length + built.excluded.length;
          const gasLeft = 2n * gasTarget.l2 - built.block.header.totalL2Gas;
          if (judged < txs.length) expect(built.txs.length === maxTxs || gasLeft < 10_000n).to.equal(true);
        },
      ),
      { numRuns: 25 },
    );
  });
});
