import { BlockNumber, Field } from "@sprtn/primitives";
import { CallKind, costOf, createTx, gasOf, type Tx, type TxPublicInputs } from "@sprtn/protocol";
import { jsFieldHasher } from "@sprtn/primitives";
import { expect } from "chai";
import fc from "fast-check";
import { type BlockEnvironment, buildBlock, ExclusionCode, type Prospect, prospectOf } from "./index.js";
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

/** The same transaction with other inputs. */
const changed = (tx: Tx, inputs: Partial<TxPublicInputs>): Tx =>
  createTx(jsFieldHasher, { ...tx, inputs: { ...tx.inputs, ...inputs } });

/** What may become of a transaction with this code, and transactions that break the rule or just satisfy it. */
interface Example {
  readonly prospect: Prospect;
  txs(fixture: ChainFixture): {
    readonly breaks: readonly Tx[];
    readonly holds: readonly Tx[];
    readonly environment?: Partial<BlockEnvironment>;
  };
}

const pays = (fixture: ChainFixture, options: Parameters<ChainFixture["tx"]>[1] = {}): Tx =>
  fixture.tx({ kind: CallKind.TRANSFER, target: bob, amount: 1n }, { sender: alice, payer: alice, ...options });

/** For every code: one without an example does not compile, and fails. */
const examples: Readonly<Record<ExclusionCode, Example>> = {
  [ExclusionCode.WRONG_CHAIN]: {
    prospect: "never",
    txs: fixture => ({
      breaks: [changed(pays(fixture), { chainId: 1n }), changed(pays(fixture), { rollupVersion: 2n })],
      holds: [pays(fixture)],
    }),
  },
  [ExclusionCode.EXPIRED]: {
    prospect: "unless-undone",
    txs(fixture) {
      const { slot } = fixture.environment();
      return { breaks: [pays(fixture, { expiration: slot - 1 })], holds: [pays(fixture, { expiration: slot })] };
    },
  },
  [ExclusionCode.UNKNOWN_ANCHOR]: {
    prospect: "may-heal",
    txs(fixture) {
      const { number } = fixture.environment();
      const [unknown, own, parents] = [Field(5), Field(6), Field(7)];
      fixture.noteRoots.set(own, number).set(parents, BlockNumber(number - 1));
      return {
        breaks: [unknown, own].map(anchor => pays(fixture, { anchor })),
        holds: [pays(fixture, { anchor: parents })],
      };
    },
  },
  [ExclusionCode.NULLIFIER_USED]: {
    prospect: "unless-undone",
    txs(fixture) {
      const [used] = fixture.tip.effects[0]!.nullifiers;
      const [fresh, other] = [fixture.fresh(), fixture.fresh()];
      const pairs = [
        [used, fresh],
        [fresh, used],
        [fresh, fresh],
      ] as const;
      return {
        breaks: pairs.map(([one, two]) => changed(pays(fixture), { nullifiers: [one, two] })),
        holds: [changed(pays(fixture), { nullifiers: [fresh, other] })],
      };
    },
  },
  [ExclusionCode.GAS_LIMIT_TOO_LOW]: {
    prospect: "never",
    txs(fixture) {
      const tx = pays(fixture);
      const { l2, da } = gasOf(tx.inputs);
      const limits = (l2GasLimit: bigint, daGasLimit: bigint) =>
        changed(tx, { gas: { ...tx.inputs.gas, l2GasLimit: Number(l2GasLimit), daGasLimit: Number(daGasLimit) } });
      return { breaks: [limits(l2 - 1n, da), limits(l2, da - 1n)], holds: [limits(l2, da)] };
    },
  },
  [ExclusionCode.MAX_FEE_TOO_LOW]: {
    prospect: "may-heal",
    txs(fixture) {
      const tx = pays(fixture);
      const { perL2Gas, perDaGas } = fixture.environment().baseFees;
      const offers = (l2: bigint, da: bigint) =>
        changed(tx, { gas: { ...tx.inputs.gas, maxFees: { perL2Gas: l2, perDaGas: da } } });
      return {
        breaks: [offers(perL2Gas - 1n, perDaGas), offers(perL2Gas, perDaGas - 1n)],
        holds: [offers(perL2Gas, perDaGas)],
      };
    },
  },
  [ExclusionCode.FEE_UNPAYABLE]: {
    prospect: "may-heal",
    txs(fixture) {
      // A deposit pays for itself, so its amount is all that the payer has.
      const deposit = (amount: bigint) => fixture.deposit(fixture.message(broke, amount), { recipient: broke, amount });
      const due = costOf(gasOf(deposit(1n).inputs), fixture.environment().baseFees);
      return { breaks: [deposit(due - 1n)], holds: [deposit(due)] };
    },
  },
  [ExclusionCode.MESSAGE_ABSENT]: {
    prospect: "may-heal",
    txs(fixture) {
      const { number } = fixture.environment();
      const claim = (message: ReturnType<ChainFixture["message"]>) =>
        fixture.deposit(message, { recipient: bob, amount: 5n, payer: alice });
      const later = fixture.message(bob, 5n);
      fixture.messages.delete(number);
      const unheard = { ...later, hash: Field(5) };
      return { breaks: [claim(later), claim(unheard)], holds: [claim(fixture.message(bob, 5n))] };
    },
  },
  [ExclusionCode.BLOCK_FULL]: {
    prospect: "may-heal",
    txs: fixture => ({ breaks: [hungry(fixture, alice, 1n)], holds: [hungry(fixture, alice)] }),
  },
  [ExclusionCode.BALANCE_OVERFLOW]: {
    prospect: "unless-undone",
    txs(fixture) {
      const room = MOST - fixture.state.publicBalance(whale);
      const credits = (amount: bigint) =>
        fixture.tx({ kind: CallKind.TRANSFER, target: whale, amount }, { sender: second, payer: alice });
      return { breaks: [credits(room + 1n)], holds: [credits(room)] };
    },
  },
  [ExclusionCode.FEE_RECIPIENT_FULL]: {
    prospect: "may-heal",
    txs(fixture) {
      const room = MOST - fixture.state.publicBalance(whale);
      const fitting = room / gasOf(pays(fixture).inputs).l2;
      return {
        breaks: [pays(fixture, { priority: fitting + 1n })],
        holds: [pays(fixture, { priority: fitting })],
        environment: { feeRecipient: whale },
      };
    },
  },
};

describe("transactions that cannot be included", () => {
  for (const code of Object.values(ExclusionCode))
    it(`${code}: keeps out what breaks its rule, lets in what just satisfies it, and says whether it can heal`, () => {
      const { prospect, txs } = examples[code];
      const fixture = withWhales();
      const { breaks, holds, environment = {} } = txs(fixture);
      for (const tx of breaks) expect(codes(fixture, [tx], environment)).to.deep.equal([code]);
      for (const tx of holds) expect(codes(fixture, [tx], environment)).to.deep.equal([]);
      expect(prospectOf(code)).to.equal(prospect);
    });

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
