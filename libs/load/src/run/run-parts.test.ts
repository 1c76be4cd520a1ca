import { Field } from "@sprtn/primitives";
import type { TxReceipt } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { LoadError, LoadErrorCode } from "../load-error.js";
import { readScenario } from "../scenario/read-scenario.js";
import { arrivalsAt } from "../test/made-up-arrivals.js";
import { cachedTerms } from "./cached-terms.js";
import { FaultSchedule } from "./fault-schedule.js";
import type { LoadPayment } from "./load-payment.js";
import { LoadLedger } from "./load-ledger.js";
import { settleReceipts } from "./settle-receipts.js";
import { TxTracker } from "./tx-tracker.js";

describe("FaultSchedule", () => {
  const rules = { slotDuration: 8, epochDuration: 4 };
  const faultsOf = (list: string) =>
    readScenario(`{version: 1, name: a, mix: {public: 1}, phases: [{for: 1s, rate: 1}], faults: [${list}]}`, "a.yml")
      .faults;

  function bench(list: string, fails: Partial<Record<"begin" | "heal", boolean>> = {}) {
    const clock = new ManualClock();
    const done: string[] = [];
    const step = (what: "begin" | "heal", name: string) => {
      done.push(`${what} ${name} at ${clock.steadyMs()}`);
      if (fails[what] === true) throw new LoadError(LoadErrorCode.FAULT_FAILED, `${what} fails`);
    };
    const schedule = new FaultSchedule(
      {
        clock,
        logger: new MemoryLogger(),
        control: {
          check: async () => {},
          begin: async fault => {
            step("begin", fault.do);
            return { heal: async () => step("heal", fault.do) };
          },
        },
      },
      { faults: faultsOf(list), rules, startAt: 1_000 },
    );
    const controller = new AbortController();
    return { clock, done, schedule, controller, over: schedule.run(controller.signal) };
  }

  it("makes each at its moment and heals it after its span", async () => {
    const { clock, done, schedule, over } = bench(
      "{at: 2s, do: l1-pause, for: 1 slot}, {at: 1s, do: l1-reorg, depth: 1}",
    );
    await clock.advance(60_000);
    await over;
    expect(done).to.deep.equal([
      "begin l1-reorg at 2000",
      "heal l1-reorg at 2000",
      "begin l1-pause at 3000",
      "heal l1-pause at 11000",
    ]);
    expect(schedule.records.map(({ fromMs, toMs, trouble }) => [fromMs, toMs, trouble])).to.deep.equal([
      [1_000, 1_000, null],
      [2_000, 10_000, null],
    ]);
  });

  it("heals at once when the run ends, and says of what had not begun that it never did", async () => {
    const { clock, done, schedule, controller, over } = bench(
      "{at: 1s, do: l1-pause, for: 1h}, {at: 1h, do: prover-stop, for: 1s}",
    );
    await clock.advance(5_000);
    controller.abort();
    await over;
    expect(done).to.deep.equal(["begin l1-pause at 2000", "heal l1-pause at 5000"]);
    expect(schedule.records.map(({ do: what, trouble }) => [what, trouble?.code])).to.have.deep.members([
      ["l1-pause", undefined],
      ["prover-stop", LoadErrorCode.NOT_REACHED],
    ]);
  });

  for (const what of ["begin", "heal"] as const)
    it(`records that it could not ${what} one`, async () => {
      const { clock, schedule, over } = bench("{at: 1s, do: l1-pause, for: 1s}", { [what]: true });
      await clock.advance(10_000);
      await over;
      expect(schedule.records[0]?.trouble).to.deep.equal({ code: LoadErrorCode.FAULT_FAILED, text: `${what} fails` });
    });
});

describe("settleReceipts", () => {
  const receipts = new Map<Field, Pick<TxReceipt, "stage" | "code"> | "down">();
  const node = {
    getTxReceipt: async (txHash: Field): Promise<TxReceipt> => {
      const receipt = receipts.get(txHash) ?? { stage: "unknown" };
      if (receipt === "down") throw new TypeError("down");
      return { txHash, ...receipt };
    },
  };
  let payments: readonly LoadPayment[] = [];
  let tracker = new TxTracker();
  beforeEach(() => {
    receipts.clear();
    tracker = new TxTracker();
    const arrivals = arrivalsAt([0, 1, 2, 3, 4]);
    payments = new LoadLedger({ record: () => {} }, { arrivals, startAt: 0, until: "pending" }).payments;
    payments.forEach((payment, i) => {
      payment.hash = Field(BigInt(i + 1));
      payment.left(1_000 * i);
      tracker.track(payment.hash, payment);
    });
  });
  const failures = () => payments.map(({ failure }) => failure && `${failure.what} ${failure.code}`);

  it("says why one was dropped, and that one was refused which nobody acknowledged; the rest stays open", async () => {
    receipts.set(Field(1n), { stage: "dropped", code: "TX_EXPIRED" });
    receipts.set(Field(3n), { stage: "submitted" });
    receipts.set(Field(4n), "down");
    (payments[1] as LoadPayment).unanswered = "RPC_NO_ANSWER";
    await settleReceipts({ node, tracker }, payments, { olderThan: 10_000 });
    expect(failures()).to.deep.equal(["dropped TX_EXPIRED", "refused RPC_NO_ANSWER", undefined, undefined, undefined]);
    expect(tracker.waiting()).not.to.include(Field(1n));
  });

  it("asks only for what left long ago and is in no block", async () => {
    for (let i = 1n; i <= 5n; i++) receipts.set(Field(i), { stage: "dropped", code: "X" });
    payments[0]?.onStage("pending", 5, false);
    await settleReceipts({ node, tracker }, payments, { olderThan: 2_500 });
    expect(failures()).to.deep.equal([undefined, "dropped X", "dropped X", undefined, undefined]);
  });

  it("at the end says how far what is lost had come", async () => {
    receipts.set(Field(1n), { stage: "submitted" });
    await settleReceipts({ node, tracker }, payments.slice(0, 2), { olderThan: Infinity, isEnd: true });
    expect(failures().slice(0, 2)).to.deep.equal(["lost STAGE_SUBMITTED", "lost STAGE_UNKNOWN"]);
  });
});

describe("cachedTerms", () => {
  const asked: string[] = [];
  let fails = false;
  const node = {
    getChainTips: async () => {
      asked.push("tips");
      if (fails) throw new TypeError("down");
      return {} as never;
    },
    getBaseFees: async () => ({ perL2Gas: 1n, perDaGas: 1n }),
    getCurrentSlot: async () => 3 as never,
    sendTx: async () => void asked.push("send"),
  };
  beforeEach(() => void (asked.length = 0));

  it("asks once for all payments of a moment, again later, and each time for everything else", async () => {
    const clock = new ManualClock();
    const cached = cachedTerms(node, clock, 400);
    await Promise.all([cached.getChainTips(), cached.getChainTips()]);
    await clock.advance(399);
    await cached.getChainTips();
    await Promise.all([cached.sendTx(), cached.sendTx()]);
    expect(asked).to.deep.equal(["tips", "send", "send"]);
    await clock.advance(1);
    await cached.getChainTips();
    expect(asked.filter(what => what === "tips")).to.have.length(2);
  });

  it("asks again after a failure", async () => {
    const cached = cachedTerms(node, new ManualClock(), 400);
    fails = true;
    await cached.getChainTips().catch(() => {});
    fails = false;
    await cached.getChainTips();
    expect(asked).to.deep.equal(["tips", "tips"]);
  });
});
