import { expect } from "chai";
import fc from "fast-check";
import { Field, fieldToHex } from "@sprtn/primitives";
import type { MeasuredLatency } from "../measure/latencies.js";
import { loadKinds } from "../report/load-report.js";
import { arrivalsAt } from "../test/made-up-arrivals.js";
import { LoadLedger } from "./load-ledger.js";
import type { LoadPayment } from "./load-payment.js";

const START = 50_000;
const every = (ms: number, count: number) => Array.from({ length: count }, (_, i) => i * ms);

function ledgerOf(
  moments: readonly number[],
  { until = "pending", ...rest }: { until?: "pending" | "proven" } & Parameters<typeof arrivalsAt>[1] = {},
) {
  const samples: MeasuredLatency[] = [];
  const sink = { record: (sample: MeasuredLatency) => void samples.push(sample) };
  const ledger = new LoadLedger(sink, { arrivals: arrivalsAt(moments, rest), startAt: START, until });
  return { ledger, samples, at: (i: number) => ledger.payments[i] as LoadPayment };
}

/** Whatever may happen to a payment, in any order. */
const happenings: Readonly<Record<string, (payment: LoadPayment) => void>> = {
  left: payment => payment.left(payment.dueAt + 5),
  accepted: payment => payment.accepted(payment.dueAt + 60),
  pending: payment => payment.onStage("pending", payment.dueAt + 5_000, false),
  reverted: payment => payment.onStage("pending", payment.dueAt + 5_000, true),
  proven: payment => payment.onStage("proven", payment.dueAt + 9_000, false),
  removed: payment => payment.onRemoved(),
  unsent: payment => void (payment.failure = { what: "unsent", code: "A" }),
  refused: payment => void (payment.failure = { what: "refused", code: "B" }),
  dropped: payment => void (payment.failure = { what: "dropped", code: "C" }),
  lost: payment => void (payment.failure = { what: "lost", code: "D" }),
};

describe("LoadLedger", () => {
  it("due = unsent + refused + dropped + lost + reached, whatever happens, in whole and by kind", () => {
    const names = fc.constantFrom(...Object.keys(happenings));
    const lives = fc.array(
      fc.record({
        atMs: fc.integer({ min: -20_000, max: 60_000 }),
        kind: fc.constantFrom(...loadKinds),
        life: fc.array(names, { maxLength: 8 }),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(lives, fc.constantFrom("pending" as const, "proven" as const), (payments, until) => {
        const list = payments.map(({ atMs, kind }) => ({ atMs, kind, account: 0 }));
        const arrivals = { ...arrivalsAt([]), list, offeredMs: 60_000 };
        const ledger = new LoadLedger({ record: () => {} }, { arrivals, startAt: START, until });
        for (const [i, { life }] of payments.entries())
          for (const name of life) happenings[name]?.(ledger.payments[i] as LoadPayment);
        const all = ledger.outcomes();
        const kinds = Object.values(ledger.byKind());
        for (const { due, unsent, refused, dropped, lost, reached, reverted } of [all, ...kinds]) {
          expect(due).to.equal(unsent + refused + dropped + lost + reached);
          expect(reverted).to.be.at.most(reached);
        }
        expect(all.due).to.equal(list.filter(({ atMs }) => atMs >= 0).length);
        for (const field of Object.keys(all) as (keyof typeof all)[])
          expect(kinds.reduce((sum, one) => sum + one[field], 0)).to.equal(all[field]);
        const losses = ledger.losses();
        for (const what of ["unsent", "refused", "dropped", "lost"] as const)
          expect(losses.filter(one => one.what === what).reduce((sum, { count }) => sum + count, 0)).to.equal(
            all[what],
          );
      }),
    );
  });

  it("counts by how each ended; who is open, or was taken back, is lost", () => {
    const { ledger, at } = ledgerOf(every(1_000, 8));
    for (let i = 1; i < 8; i++) at(i).left(START);
    at(0).failure = { what: "unsent", code: "A" };
    at(1).failure = { what: "refused", code: "B" };
    at(2).failure = { what: "dropped", code: "C" };
    at(4).onStage("pending", START + 5_000, false);
    at(5).onStage("pending", START + 5_000, true);
    at(6).onStage("pending", START + 5_000, false);
    at(6).onRemoved();
    at(7).onStage("pending", START + 5_000, false);
    at(7).onRemoved();
    at(7).onStage("pending", START + 9_000, false);
    expect(ledger.outcomes()).to.deep.equal({
      due: 8,
      unsent: 1,
      refused: 1,
      dropped: 1,
      lost: 2,
      reached: 3,
      reverted: 1,
    });
    expect(ledger.open()).to.deep.equal([at(3), at(6)]);
  });

  it("is open until the chain that it waits for", () => {
    const { ledger, at } = ledgerOf([0], { until: "proven" });
    expect(ledger.open()).to.deep.equal([]);
    at(0).left(START);
    at(0).onStage("pending", START + 1_000, false);
    expect([ledger.open().length, ledger.outcomes().lost]).to.deep.equal([1, 1]);
    at(0).onStage("proven", START + 2_000, false);
    expect([ledger.open().length, ledger.outcomes().reached]).to.deep.equal([0, 1]);
  });

  it("a block that was removed counts once, from the first one", () => {
    const { ledger, samples, at } = ledgerOf([2_000]);
    at(0).onStage("pending", START + 9_000, false);
    at(0).onRemoved();
    at(0).onStage("pending", START + 25_000, false);
    expect(samples).to.deep.equal([{ stage: "pending", kind: "transfer", ms: 7_000, atMs: 9_000 }]);
    expect(ledger.intervals(30_000).map(({ pending }) => pending)).to.deep.equal([1, 0, 0]);
    expect(ledger.outcomes().reached).to.equal(1);
  });

  it("has warm-up in no figure, and waits for it", () => {
    const { ledger, samples, at } = ledgerOf([-10_000, -1, 0]);
    for (const payment of ledger.payments) {
      payment.left(payment.dueAt);
      payment.onStage("pending", payment.dueAt + 20_000, true);
    }
    at(0).onRemoved();
    expect(samples.map(({ stage }) => stage)).to.deep.equal(["sent", "pending"]);
    expect(ledger.outcomes()).to.include({ due: 1, reached: 1, reverted: 1, lost: 0 });
    expect(ledger.progress(START)).to.deep.equal({ due: 1, sent: 1, failed: 0 });
    expect(ledger.losses()).to.deep.equal([]);
    expect(ledger.sentInTime()).to.equal(1);
    expect(ledger.intervals(30_000).map(({ due, sent, pending }) => [due, sent, pending])).to.deep.equal([
      [1, 1, 0],
      [0, 0, 0],
      [0, 0, 1],
    ]);
    expect(ledger.open()).to.deep.equal([at(0)]);
  });

  it("puts payments and what they reach into the interval of the moment", () => {
    const rateAt = (atMs: number) => atMs / 10_000;
    const { ledger, at } = ledgerOf([0, 9_999, 10_000], { rateAt, offeredMs: 20_000 });
    at(1).left(START + 10_000);
    at(0).onStage("pending", START + 19_999, false);
    at(0).onStage("proven", START + 20_000, false);
    expect(ledger.intervals(20_001)).to.deep.equal([
      { fromMs: 0, asked: 0, due: 2, sent: 0, pending: 0, proven: 0 },
      { fromMs: 10_000, asked: 1, due: 1, sent: 1, pending: 1, proven: 0 },
      { fromMs: 20_000, asked: 2, due: 0, sent: 0, pending: 0, proven: 1 },
    ]);
    expect(ledger.intervals(20_000)).to.have.length(2);
    expect(ledger.intervals(0)).to.have.length(1);
  });

  it("what reached a chain by a moment is a part of its interval", () => {
    const { ledger, at } = ledgerOf(every(1, 5));
    for (const [i, atMs] of [1_000, 9_000, 30_500, 30_600, 39_000].entries())
      at(i).onStage("pending", START + atMs, false);
    expect([10_000, 30_000, 35_000, 40_000, 90_000].map(ms => ledger.reachedBy("pending", ms))).to.deep.equal([
      2, 2, 3.5, 5, 5,
    ]);
    expect(ledger.reachedBy("proven", 90_000)).to.equal(0);
  });

  it("tells how many left in the offered window, and how far it is", () => {
    const { ledger, at } = ledgerOf([0, 1_000, 2_000, 3_000], { offeredMs: 4_000 });
    at(0).left(START + 4_000);
    at(1).left(START + 4_001);
    at(2).failure = { what: "unsent", code: "A" };
    expect(ledger.sentInTime()).to.equal(1);
    expect(ledger.progress(START + 2_000)).to.deep.equal({ due: 3, sent: 2, failed: 1 });
  });

  it("names the reasons of losses, the most frequent first, with ten hashes at most", () => {
    const { ledger } = ledgerOf(every(1, 15));
    for (const [i, payment] of ledger.payments.entries()) {
      if (i > 0) payment.hash = Field(i);
      if (i === 0) payment.failure = { what: "unsent", code: "LOAD_NOTHING_TO_SPEND" };
      else if (i < 3) payment.failure = { what: "dropped", code: "TX_EXPIRED" };
    }
    expect(ledger.losses()).to.deep.equal([
      {
        what: "lost",
        code: "UNKNOWN",
        count: 12,
        hashes: Array.from({ length: 10 }, (_, i) => fieldToHex(Field(i + 3))),
      },
      { what: "dropped", code: "TX_EXPIRED", count: 2, hashes: [1, 2].map(i => fieldToHex(Field(i))) },
      { what: "unsent", code: "LOAD_NOTHING_TO_SPEND", count: 1, hashes: [] },
    ]);
  });

  it("names a thousand reasons at most, and of each as much as a report takes", () => {
    const { ledger } = ledgerOf(every(1, 1_200));
    for (const [i, payment] of ledger.payments.entries())
      payment.failure = { what: "refused", code: String(Math.max(i, 100)).padEnd(300, "X") };
    const losses = ledger.losses();
    expect(losses).to.have.length(1_000);
    expect(losses[0]).to.deep.equal({ what: "refused", code: "100".padEnd(200, "X"), count: 101, hashes: [] });
    expect(losses.every(({ code }) => code.length === 200)).to.equal(true);
  });
});
