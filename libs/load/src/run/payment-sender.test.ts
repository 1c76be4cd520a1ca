import { expect } from "chai";
import { CodedError, Field } from "@sprtn/primitives";
import { ManualClock, SeededRandom } from "@sprtn/runtime";
import { MemoryLogger } from "@sprtn/testing";
import { LoadErrorCode } from "../load-error.js";
import type { LoadKind } from "../report/load-report.js";
import { FakePreparingWallet } from "../test/fake-preparing-wallet.js";
import { arrivalsAt, watchedBlock } from "../test/made-up-arrivals.js";
import { LoadLedger } from "./load-ledger.js";
import type { LoadPayment } from "./load-payment.js";
import { PaymentSender, type PaymentSenderSettings } from "./payment-sender.js";
import { TxTracker } from "./tx-tracker.js";

const START = 100_000;
const WITHDRAW_TO = `0x${"9".repeat(40)}` as PaymentSenderSettings["withdrawTo"];
const never = () => new Promise<never>(() => {});
const fail = (code: string, details?: object) => () => {
  throw new CodedError(code, "the fake fails", details);
};

class Bench {
  readonly clock: ManualClock;
  readonly logger = new MemoryLogger();
  readonly tracker = new TxTracker();
  readonly controller = new AbortController();
  readonly payments: readonly LoadPayment[];
  readonly sender: PaymentSender;
  running: Promise<void> | undefined;
  isOver = false;

  constructor(
    readonly wallet: FakePreparingWallet,
    moments: readonly number[],
    {
      kind = "transfer",
      clock = new ManualClock(),
      ...settings
    }: Partial<PaymentSenderSettings> & { kind?: LoadKind; clock?: ManualClock } = {},
  ) {
    this.clock = clock;
    const arrivals = arrivalsAt(moments, { kind });
    this.payments = new LoadLedger({ record: () => {} }, { arrivals, startAt: START, until: "pending" }).payments;
    const { logger, tracker } = this;
    this.sender = new PaymentSender({ wallet, tracker, clock, logger, random: new SeededRandom(1) }, this.payments, {
      aheadMs: 60_000,
      makers: 2,
      maxAmount: 1_000n,
      withdrawTo: WITHDRAW_TO,
      ...settings,
    });
  }

  run(): Promise<void> {
    return (this.running = this.sender.run(this.controller.signal).finally(() => (this.isOver = true)));
  }

  /** To a moment after the first payment that counts. */
  async to(atMs: number): Promise<void> {
    await this.clock.advance(START + atMs - this.clock.steadyMs());
  }

  /** When each left, ms after the first payment that counts. */
  sentAt(): (number | undefined)[] {
    return this.payments.map(({ sentAt }) => sentAt && sentAt - START);
  }

  failures(): (string | undefined)[] {
    return this.payments.map(({ failure }) => failure && `${failure.what} ${failure.code}`);
  }

  stop(): Promise<void> | undefined {
    this.controller.abort();
    return this.running;
  }
}

describe("PaymentSender", () => {
  let wallet: FakePreparingWallet;
  beforeEach(() => (wallet = new FakePreparingWallet({ wei: 10n ** 18n, notes: [10n, 10n] })));

  it("each leaves at its moment, though no node ever answers", async () => {
    wallet.answering = never;
    const bench = new Bench(wallet, [0, 10, 10, 500, 7_000.5]);
    void bench.run();
    await bench.to(20_000);
    expect(bench.sentAt()).to.deep.equal([0, 10, 10, 500, 7_000.5]);
    expect(bench.sender.underWay).to.equal(5);
  });

  it("each leaves at its moment, whatever became of the ones before", async () => {
    const answers = [fail("TX_POOL_FULL"), fail("RPC_TIMEOUT", { mayHaveRun: true }), () => {}];
    wallet.answering = () => answers.shift()?.();
    const bench = new Bench(wallet, [0, 10, 20]);
    await Promise.all([bench.run(), bench.to(20_000)]);
    expect(bench.sentAt()).to.deep.equal([0, 10, 20]);
    expect(bench.isOver).to.equal(true);
  });

  it("is made sixty seconds before it is due, not earlier", async () => {
    const bench = new Bench(wallet, [0, 5_000]);
    void bench.run();
    await bench.to(-60_001);
    expect(wallet.asked).to.have.length(0);
    await bench.to(-60_000);
    expect(wallet.asked).to.have.length(1);
    await bench.to(-55_000);
    expect(wallet.made.map(({ state }) => state)).to.deep.equal(["held", "held"]);
    expect(bench.payments.map(({ hash }) => hash)).to.deep.equal([Field(1n), Field(2n)]);
    await bench.to(0);
    expect(wallet.made.map(({ state }) => state)).to.deep.equal(["sent", "held"]);
  });

  it("is made when it is due without a time ahead", async () => {
    const bench = new Bench(wallet, [0], { aheadMs: 0 });
    void bench.run();
    await bench.to(-1);
    expect(wallet.asked).to.have.length(0);
    await bench.to(0);
    expect(bench.sentAt()).to.deep.equal([0]);
  });

  it("makes as many at once as it has makers", async () => {
    wallet.making = never;
    const bench = new Bench(wallet, [0, 0, 0, 0], { makers: 3 });
    void bench.run();
    await bench.to(10_000);
    expect(wallet.asked).to.have.length(3);
  });

  it("what is made too late leaves at once, and does not delay the next", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    wallet.making = () => (wallet.asked.length === 1 ? promise : undefined);
    const bench = new Bench(wallet, [0, 1_000]);
    void bench.run();
    await bench.to(2_500);
    expect(bench.sentAt()).to.deep.equal([undefined, 1_000]);
    resolve();
    await bench.to(2_600);
    expect(bench.sentAt()).to.deep.equal([2_500, 1_000]);
    expect(bench.payments[0]?.dueAt).to.equal(START);
  });

  it("leaves though timers are early and it was made just then", async () => {
    /** As Node's timers, which cut off parts of a millisecond. */
    class EarlyClock extends ManualClock {
      override schedule(delayMs: number, callback: () => void): () => void {
        return super.schedule(delayMs >= 1 ? Math.floor(delayMs) : 1, callback);
      }
    }
    const clock = new EarlyClock();
    const { promise, resolve } = Promise.withResolvers<void>();
    wallet.making = () => promise;
    const bench = new Bench(wallet, [0.9], { clock });
    void bench.run();
    await bench.to(0.5);
    resolve();
    await bench.to(1_000);
    expect(bench.sentAt()[0]).to.be.within(0.9, 2);
  });

  describe("where nothing is free", () => {
    it("another account pays", async () => {
      (wallet.state[0] ?? { notes: [] }).notes = [];
      const bench = new Bench(wallet, [0], { kind: "private" });
      await Promise.all([bench.run(), bench.to(1)]);
      expect(wallet.asked.map(({ from }) => from)).to.deep.equal([1]);
      expect(bench.sentAt()).to.deep.equal([0]);
    });

    it("another account pays if the wallet finds out while it makes it", async () => {
      wallet.making = ({ from }) => (from === 0 ? fail("WALLET_INSUFFICIENT_BALANCE")() : undefined);
      const bench = new Bench(wallet, [0]);
      await Promise.all([bench.run(), bench.to(1)]);
      expect(wallet.asked.map(({ from }) => from)).to.deep.equal([0, 1]);
      expect([bench.sentAt(), bench.failures()]).to.deep.equal([[0], [undefined]]);
    });

    it("it is late, and leaves as soon as a block brings a note", async () => {
      for (const state of wallet.state) state.notes = [];
      const bench = new Bench(wallet, [0, 200], { kind: "private" });
      void bench.run();
      await bench.to(3_210);
      expect([bench.sentAt(), wallet.asked]).to.deep.equal([[undefined, undefined], []]);
      (wallet.state[1] ?? { notes: [] }).notes = [10n];
      bench.sender.onBlock();
      await bench.to(3_211);
      expect(bench.sentAt()).to.deep.equal([3_210, 3_210]);
      expect(bench.payments.map(({ dueAt }) => dueAt)).to.deep.equal([START, START + 200]);
    });

    it("it is looked at every second without a block as well", async () => {
      for (const state of wallet.state) state.notes = [];
      const bench = new Bench(wallet, [0], { kind: "private" });
      void bench.run();
      await bench.to(500);
      (wallet.state[0] ?? { notes: [] }).notes = [10n];
      await bench.to(1_600);
      expect(bench.sentAt()[0]).to.be.within(500, 1_500);
    });

    it("payments of other kinds leave at their moments", async () => {
      wallet.making = ({ kind }) => (kind === "private" ? fail("WALLET_NOTES_IN_FLIGHT")() : undefined);
      const bench = new Bench(wallet, [0, 100]);
      (bench.payments[0] as unknown as { arrival: object }).arrival = { atMs: 0, kind: "private", account: 0 };
      void bench.run();
      await bench.to(10_000);
      expect(bench.sentAt()).to.deep.equal([undefined, 100]);
      await bench.stop();
      expect(bench.failures()).to.deep.equal([`unsent ${LoadErrorCode.NOTHING_TO_SPEND}`, undefined]);
    });
  });

  describe("of what does not arrive", () => {
    it("a refusal ends it, and no block is awaited", async () => {
      wallet.answering = fail("TX_POOL_FULL");
      const bench = new Bench(wallet, [0]);
      await Promise.all([bench.run(), bench.to(1)]);
      expect([bench.failures(), bench.sentAt()]).to.deep.equal([["refused TX_POOL_FULL"], [0]]);
      expect(bench.tracker.waiting()).to.deep.equal([]);
    });

    it("without an answer it may have arrived: blocks tell", async () => {
      wallet.answering = fail("RPC_TIMEOUT", { mayHaveRun: true });
      const bench = new Bench(wallet, [0]);
      await Promise.all([bench.run(), bench.to(1)]);
      const [payment] = bench.payments;
      expect([payment?.failure, payment?.unanswered]).to.deep.equal([undefined, "RPC_TIMEOUT"]);
      bench.tracker.onBlock(watchedBlock(3, [1]));
      expect(payment?.isOn("pending")).to.equal(true);
    });

    it("is tracked before it leaves: a block may come sooner than the answer", async () => {
      wallet.answering = never;
      const bench = new Bench(wallet, [0]);
      void bench.run();
      await bench.to(1);
      bench.tracker.onBlock(watchedBlock(3, [1]));
      expect(bench.payments[0]?.isOn("pending")).to.equal(true);
    });

    it("what cannot be made has not been sent, and its reason is told once", async () => {
      wallet.making = fail("WALLET_PROOF_FAILED");
      const bench = new Bench(wallet, [0, 10]);
      await Promise.all([bench.run(), bench.to(11)]);
      expect(bench.failures()).to.deep.equal(["unsent WALLET_PROOF_FAILED", "unsent WALLET_PROOF_FAILED"]);
      expect(bench.logger.lines("warn").map(({ fields }) => fields["code"])).to.deep.equal(["WALLET_PROOF_FAILED"]);
    });
  });

  describe("stopped in the middle", () => {
    it("discards what is made, and what was not sent has failed", async () => {
      const bench = new Bench(wallet, [0, 30_000, 90_000]);
      void bench.run();
      await bench.to(10_000);
      await bench.stop();
      expect(wallet.made.map(({ state }) => state)).to.deep.equal(["sent", "discarded"]);
      const unsent = `unsent ${LoadErrorCode.NOT_REACHED}`;
      expect(bench.failures()).to.deep.equal([undefined, unsent, unsent]);
    });

    it("discards what is still being made", async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      wallet.making = () => promise;
      const bench = new Bench(wallet, [0, 30_000]);
      void bench.run();
      await bench.to(10_000);
      await bench.stop();
      resolve();
      await bench.to(90_000);
      expect(wallet.made.map(({ state }) => state)).to.deep.equal(["discarded", "discarded"]);
      expect(bench.sentAt()).to.deep.equal([undefined, undefined]);
    });

    it("awaits nodes' answers to what has left", async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      wallet.answering = () => promise;
      const bench = new Bench(wallet, [0]);
      void bench.run();
      await bench.to(1);
      bench.controller.abort();
      await bench.to(2);
      expect(bench.isOver).to.equal(false);
      resolve();
      await bench.running;
      expect([bench.sender.underWay, bench.failures()]).to.deep.equal([0, [undefined]]);
    });

    it("what found nothing free says so, also while it is tried again", async () => {
      wallet.making = () => (wallet.asked.length > 2 ? never() : fail("WALLET_NOTES_FRAGMENTED")());
      const bench = new Bench(wallet, [0], { makers: 1 });
      void bench.run();
      await bench.to(5_000);
      await bench.stop();
      expect(bench.failures()).to.deep.equal([`unsent ${LoadErrorCode.NOTHING_TO_SPEND}`]);
    });
  });

  it("pays from the account whose turn it is to the next one, up to the amount", async () => {
    const kinds = ["private", "transfer", "shield", "unshield", "withdraw"] as const;
    for (const kind of kinds) {
      const bench = new Bench(wallet, [0, 1, 2, 3], { kind, maxAmount: 2n, makers: 1 });
      await Promise.all([bench.run(), bench.to(4)]);
    }
    const [first, second] = wallet.accounts();
    const of = (wanted: string) => wallet.asked.find(({ kind, from }) => kind === wanted && from === 0);
    expect(kinds.map(kind => of(kind)?.to)).to.deep.equal([
      second?.paymentAddress,
      second?.address,
      first?.paymentAddress,
      first?.address,
      WITHDRAW_TO,
    ]);
    expect(new Set(wallet.asked.map(({ amount }) => amount))).to.deep.equal(new Set([1n, 2n]));
    expect(wallet.asked.every(({ anchor }) => anchor === "newest")).to.equal(true);
  });
});
