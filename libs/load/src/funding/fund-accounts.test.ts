import { CodedError, Field } from "@sprtn/primitives";
import type { FundingRequest } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import fc from "fast-check";
import { LoadErrorCode } from "../load-error.js";
import { TxTracker } from "../run/tx-tracker.js";
import { FakePreparingWallet } from "../test/fake-preparing-wallet.js";
import { arrivalsAt, watchedBlock } from "../test/made-up-arrivals.js";
import { fundAccounts } from "./fund-accounts.js";
import { planFunding } from "./plan-funding.js";

const goal = { public: 100n, notes: 2, noteValue: 10n, maxAmount: 5n };

class Bench {
  readonly clock = new ManualClock();
  readonly wallet = new FakePreparingWallet({ accounts: 3 });
  readonly tracker = new TxTracker();
  readonly deposits: FundingRequest[] = [];
  /** Hashes of payments that a block will never hold. */
  readonly gone = new Set<Field>();
  /** Whether a block takes this payment in. */
  includes: (hash: Field) => boolean = () => true;
  #blocks = 0;

  run(): Promise<{ readonly deposits: number; readonly txs: number; readonly notes: number }> {
    const { wallet, tracker, clock } = this;
    return fundAccounts(
      {
        wallet,
        tracker,
        clock,
        logger: new MemoryLogger(),
        isGone: async hash => this.gone.has(hash),
        l1: {
          deposit: async request => {
            this.deposits.push(request);
            return { ...request, messageHash: Field(1n), globalIndex: 0n, l1Transaction: "0x" };
          },
        },
      },
      goal,
      new AbortController().signal,
    );
  }

  /** A block with what is under way, and what it pays. */
  mine(): void {
    const hashes = this.tracker.waiting().filter(this.includes);
    for (const { payment } of this.wallet.made.filter(({ hash }) => hashes.includes(hash))) {
      const [payer] = this.wallet.state;
      if (payer !== undefined) payer.public -= payment.amount;
      const index = this.wallet.accounts().findIndex(({ address, paymentAddress }) => {
        if (payment.kind === "shield") return payment.to.npk === paymentAddress.npk;
        return payment.kind === "transfer" && payment.to === address;
      });
      const account = this.wallet.state[index];
      if (payment.kind === "transfer" && account !== undefined) account.public += payment.amount;
      if (payment.kind === "shield" && account !== undefined)
        account.notes.push(payment.amount / 2n, payment.amount / 2n);
    }
    this.tracker.onBlock(watchedBlock(++this.#blocks, hashes));
  }

  /** Blocks every two seconds until it is over. */
  async mined<T>(work: Promise<T>): Promise<T> {
    const state = { isOver: false };
    const ended = work.finally(() => (state.isOver = true));
    ended.catch(() => {});
    for (let i = 0; i < 2_000 && !state.isOver; i++) {
      await this.clock.advance(2_000);
      this.mine();
    }
    return ended;
  }
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof CodedError ? error.code : String(error);
}

describe("fundAccounts", () => {
  it("pays for all accounts with one deposit, and makes everybody's notes two a payment", async () => {
    const bench = new Bench();
    const { deposits, txs, notes } = await bench.mined(bench.run());
    expect([deposits, bench.deposits.length, txs, notes]).to.deep.equal([1, 1, 6, 6]);
    expect(bench.wallet.state.map(account => account.notes.length)).to.deep.equal([2, 2, 2]);
    expect(bench.wallet.state.every(account => account.public >= goal.public)).to.equal(true);
  });

  it("sends nothing where everything is there", async () => {
    const bench = new Bench();
    for (const account of bench.wallet.state) Object.assign(account, { public: 1_000n, notes: [10n, 10n] });
    expect(await bench.run()).to.include({ deposits: 0, txs: 0 });
  });

  it("makes again what a node refused, or what is gone", async () => {
    const bench = new Bench();
    let refusals = 2;
    bench.wallet.answering = () => {
      if (refusals-- > 0) throw new CodedError("TX_POOL_FULL", "no room");
    };
    let first: Field | undefined;
    bench.includes = hash => {
      first ??= hash;
      if (hash === first) bench.gone.add(hash);
      return hash !== first;
    };
    await bench.mined(bench.run());
    expect(bench.wallet.state.map(account => account.notes.length)).to.deep.equal([2, 2, 2]);
  });

  it("gives up when the rounds are over, and not before it has looked once more", async () => {
    const bench = new Bench();
    bench.wallet.answering = () => {
      throw new CodedError("TX_POOL_FULL", "no room");
    };
    expect(await codeOf(bench.mined(bench.run()))).to.equal(LoadErrorCode.NOT_FUNDED);
    const last = new Bench();
    let syncs = 0;
    last.wallet.answering = () => {
      throw new CodedError("TX_POOL_FULL", "no room");
    };
    // What somebody else pays in the last round counts.
    last.wallet.onSync = () => {
      if (++syncs < 7) return;
      for (const account of last.wallet.state) Object.assign(account, { public: 1_000n, notes: [10n, 10n] });
    };
    await last.mined(last.run());
    expect(syncs).to.equal(7);
  });

  it("says so when a claim is dropped, and when no block comes for ten minutes", async () => {
    const dropped = new Bench();
    dropped.wallet.claimStages = [{ stage: "dropped", code: "TX_EXPIRED" }];
    expect(await codeOf(dropped.run())).to.equal(LoadErrorCode.NOT_FUNDED);
    const stuck = new Bench();
    stuck.includes = () => false;
    expect(await codeOf(stuck.mined(stuck.run()))).to.equal(LoadErrorCode.NOT_FUNDED);
  });
});

describe("planFunding", () => {
  const terms = { wallets: 4, slotDuration: 8, baseFees: { perL2Gas: 10n, perDaGas: 1n } };

  it("wants as many notes as payments spend in any five slots, and none where none spends one", () => {
    const moments = fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(moments, drawn => {
        const ascending = drawn.toSorted((a, b) => a - b);
        const { notes } = planFunding(arrivalsAt(ascending, { kind: "private" }), terms);
        for (const from of ascending) {
          const spent = ascending.filter(at => at >= from && at < from + 5 * 8_000).length;
          expect(notes * terms.wallets).to.be.at.least(spent);
        }
      }),
    );
    expect(planFunding(arrivalsAt([0, 1, 2]), terms).notes).to.equal(0);
  });

  it("wants fees for every payment, with room to grow", () => {
    const few = planFunding(arrivalsAt([0]), terms).public;
    const many = planFunding(arrivalsAt(Array.from({ length: 400 }, (_, i) => i)), terms).public;
    expect(many > 20n * few && few > 0n).to.equal(true);
    const dear = { ...terms, baseFees: { perL2Gas: 100n, perDaGas: 10n } };
    expect(planFunding(arrivalsAt([0]), dear).public > 9n * few).to.equal(true);
  });
});
