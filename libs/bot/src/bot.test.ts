import { codeOf, detailsOf } from "@sprtn/primitives";
import { expect } from "chai";
import fc from "fast-check";
import { BotErrorCode } from "./bot-error.js";
import { mixOf } from "./payment-mix.js";
import { none, rich, settings, setup } from "./test/bot-setup.js";
import { type Fate, FakePaymentWallet } from "./test/fake-payment-wallet.js";

describe("Bot", () => {
  it("funds its accounts, goes through its schedule, follows every payment and reports", async () => {
    const { clock, fake, meter, bot } = setup();
    await bot.start(new AbortController().signal);
    await clock.advance(60_000);
    const report = await bot.finished();
    expect(fake.deposits.map(({ recipient, amount }) => [recipient, amount])).to.deep.equal([
      [100n, 50_000n],
      [101n, 50_000n],
    ]);
    expect(report).to.deep.include({ topUps: 2, codes: { skipped: {}, refused: {} } });
    expect(report.totals).to.deep.equal({ ...none, due: 10, sent: 10, reached: 10 });
    expect(report.latency.pending).to.deep.equal({
      count: 10,
      meanMs: 2_000,
      p50Ms: 2_000,
      p95Ms: 2_000,
      p99Ms: 2_000,
      maxMs: 2_000,
    });
    expect(meter.value("sprtn_bot_txs_total", { kind: "transfer", outcome: "reached" })).to.equal(10);
    expect(meter.observations("sprtn_bot_stage_seconds", { kind: "transfer", stage: "pending" })).to.deep.equal(
      Array.from({ length: 10 }, () => 2),
    );
    expect(fake.paid.map(({ from }) => from)).to.deep.equal([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    expect(fake.paid.every(({ amount }) => amount >= 1n && amount <= 10n)).to.equal(true);
    await bot.stop();
    expect(clock.pendingTimers).to.equal(0);
  });

  it("splits its funds into notes before it pays privately, and not again while it waits", async () => {
    const { clock, fake, bot } = setup({ mix: mixOf({ private: 1, shield: 0, unshield: 0, withdraw: 0 }) }, rich);
    await bot.start(new AbortController().signal);
    await clock.advance(1_500);
    const shields = fake.paid.filter(({ kind }) => kind === "shield");
    expect(shields.map(({ from, amount }) => [from, amount])).to.deep.equal([
      [0, 2_000n],
      [0, 2_000n],
      [1, 2_000n],
      [1, 2_000n],
    ]);
    await clock.advance(60_000);
    expect((await bot.finished()).byKind.private.reached).to.equal(10);
    expect(fake.paid.length).to.equal(14);
    await bot.stop();
  });

  it("shields more when fees have eaten its notes, and deposits when it cannot", async () => {
    const { clock, fake, bot } = setup(
      {
        schedule: [{ txPerSecond: 0, seconds: undefined }],
        mix: mixOf({ private: 1, shield: 0, unshield: 0, withdraw: 0 }),
      },
      { accounts: 1, public: 1_500n, notes: [400n, 400n, 400n, 400n] },
    );
    await bot.start(new AbortController().signal);
    await clock.advance(20_000);
    expect(fake.deposits.length).to.equal(1);
    expect(fake.paid.map(({ kind }) => kind)).to.deep.equal(["shield", "shield"]);
    await bot.stop();
  });

  it("says why a deposit or a shield of its own did not get into a block, with the node's code", async () => {
    const ends = {
      dropped: [
        { stage: "dropped", code: "TX_EXPIRED" },
        { outcome: "dropped", reason: "TX_EXPIRED" },
      ],
      reverted: [{ stage: "pending", reverted: true }, { outcome: "reverted" }],
      lost: [{ stage: "submitted" }, { outcome: "lost" }],
    } as const;
    const mix = mixOf({ private: 1, shield: 0, unshield: 0, withdraw: 0 });
    for (const [receipt, expected] of Object.values(ends))
      for (const [what, wallet] of [
        ["deposit", {}],
        ["shield", rich],
      ] as const) {
        const { clock, fake, logger, bot } = setup({ mix }, { accounts: 1, ...wallet });
        fake.fate = () => ({ stages: [[100, receipt]] });
        await bot.start(new AbortController().signal);
        await clock.advance(62_000);
        const { error } = logger.lines("warn")[0]!.fields;
        expect(codeOf(error)).to.equal(BotErrorCode.HOUSEKEEPING_FAILED);
        expect(detailsOf(error)).to.deep.equal({ what, ...expected });
        await bot.stop();
      }
  });

  it("pays with each kind of the mix", async () => {
    const { clock, fake, bot } = setup(
      {
        schedule: [{ txPerSecond: 10, seconds: 10 }],
        mix: mixOf({ private: 0.2, shield: 0.2, unshield: 0.2, withdraw: 0.2 }),
        notesPerAccount: 1,
      },
      { ...rich, notes: [5_000n] },
    );
    await bot.start(new AbortController().signal);
    await clock.advance(20_000);
    const report = await bot.finished();
    for (const kind of ["private", "transfer", "shield", "unshield", "withdraw"] as const)
      expect(report.byKind[kind].reached).to.be.greaterThan(8);
    expect(fake.paid.find(({ kind }) => kind === "withdraw")).to.deep.include({ to: settings.withdrawTo });
    await bot.stop();
  });

  it("tells payments apart: never made by its wallet, refused, dropped, reverted, lost, unanswered", async () => {
    const { clock, fake, bot } = setup({ schedule: [{ txPerSecond: 1, seconds: 7 }] }, rich);
    const fates: ReturnType<FakePaymentWallet["fate"]>[] = [
      { unmade: "WALLET_NOTES_IN_FLIGHT" },
      { refused: "TX_POOL_FULL" },
      {
        stages: [
          [0, { stage: "submitted" }],
          [100, { stage: "dropped", code: "TX_EXPIRED" }],
        ],
      },
      { stages: [[100, { stage: "pending", reverted: true }]] },
      { stages: [[0, { stage: "unknown" }]] },
      { stages: [[100, { stage: "proven" }]] },
      { stages: [[100, { stage: "pending" }]], unanswered: "RPC_TIMEOUT" },
    ];
    fake.fate = () => fates[fake.paid.length - 1] as (typeof fates)[0];
    await bot.start(new AbortController().signal);
    await clock.advance(60_000);
    const { totals, codes } = await bot.finished();
    expect(totals).to.deep.equal({
      due: 7,
      sent: 6,
      skipped: 1,
      unmade: 1,
      reached: 3,
      reverted: 1,
      refused: 2,
      dropped: 1,
      lost: 1,
      open: 0,
    });
    expect(codes).to.deep.equal({
      skipped: { WALLET_NOTES_IN_FLIGHT: 1 },
      refused: { TX_POOL_FULL: 1, TX_EXPIRED: 1 },
    });
    await bot.stop();
  });

  it("follows a payment through a time in which no node answers", async () => {
    const { clock, fake, bot } = setup({ schedule: [{ txPerSecond: 1, seconds: 1 }] }, rich);
    fake.watchFails = 3;
    await bot.start(new AbortController().signal);
    await clock.advance(60_000);
    expect((await bot.finished()).totals).to.deep.equal({ ...none, due: 1, sent: 1, reached: 1 });
    await bot.stop();
  });

  for (const seconds of [3_600, -3_600]) {
    it(`a clock that jumps by ${seconds} s changes neither its pace nor its times`, async () => {
      const { clock, fake, meter, bot } = setup({ schedule: [{ txPerSecond: 1, seconds: 60 }] }, rich);
      clock.jump(7_200_000);
      await bot.start(new AbortController().signal);
      await clock.advance(10_500);
      const before = fake.paid.length;
      clock.jump(1_000 * seconds);
      await clock.advance(10_000);
      expect(fake.paid.length - before).to.equal(10);
      await clock.advance(60_000);
      const { totals, latency } = await bot.finished();
      expect(totals).to.deep.equal({ ...none, due: 60, sent: 60, reached: 60 });
      expect(latency.pending).to.deep.include({ p50Ms: 2_000, p99Ms: 2_000, maxMs: 2_000 });
      expect(meter.observations("sprtn_bot_stage_seconds", { kind: "transfer", stage: "pending" })).to.deep.equal(
        Array.from({ length: 60 }, () => 2),
      );
      await bot.stop();
    });
  }

  it("its figures add up at any moment, whatever becomes of the payments", async () => {
    const fate = fc.oneof(
      fc.constantFrom<Fate>(
        { unmade: "WALLET_X" },
        { refused: "TX_X" },
        { refused: "RPC_UNREACHABLE" },
        { stages: [] },
        { stages: [[3_000, { stage: "dropped", code: "TX_Y" }]] },
      ),
      fc.record({
        stages: fc.nat(20_000).map(ms => [[ms, { stage: "pending" as const, reverted: ms % 5 === 0 }]] as const),
        unanswered: fc.constantFrom("RPC_TIMEOUT", "RPC_BAD_ANSWER"),
      }),
      fc.record({ stages: fc.nat(20_000).map(ms => [[ms, { stage: "pending" as const }]] as const) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fate, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.nat(9_000), { maxLength: 12 }),
        async (fates, maxPending, looks) => {
          const { clock, fake, bot } = setup(
            { maxPending, followTimeoutMs: 10_000, schedule: [{ txPerSecond: 2, seconds: fates.length }] },
            rich,
          );
          fake.fate = () => fates[fake.paid.length % fates.length] as Fate;
          const check = () => {
            const { totals, byKind, codes } = bot.report();
            for (const figures of [totals, ...Object.values(byKind)]) {
              const { due, sent, skipped, reached, refused, lost, open, unmade, reverted, dropped } = figures;
              expect(due).to.equal(sent + skipped);
              expect(sent).to.equal(reached + refused + lost + open);
              expect(Math.min(...Object.values(figures))).to.be.at.least(0);
              expect(unmade <= skipped && reverted <= reached && dropped <= refused).to.equal(true);
            }
            const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);
            expect(sum(codes.skipped)).to.equal(totals.skipped);
            expect(sum(codes.refused)).to.equal(totals.refused);
            return totals;
          };
          await bot.start(new AbortController().signal);
          for (const ms of looks) {
            await clock.advance(ms);
            check();
          }
          await bot.stop();
          expect(check()).to.deep.equal((await bot.finished()).totals);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("tells its figures every 30 s", async () => {
    const { clock, logger, bot } = setup({ schedule: [{ txPerSecond: 1, seconds: undefined }] }, rich);
    await bot.start(new AbortController().signal);
    await clock.advance(60_000);
    // Lines about one event have fields.
    const lines = logger.lines("info").filter(({ fields }) => Object.keys(fields).length === 0);
    const report = bot.report();
    expect(report.totals.sent).to.be.greaterThan(50);
    expect(report.latency.pending).to.include({ p50Ms: 2_000, p99Ms: 2_000 });
    expect(lines).to.have.length(2);
    for (const { message } of lines) expect(message).to.match(/p50 2\.0 s.*p99 2\.0 s/);
    await bot.stop();
  });

  it("skips what comes due beyond its limit, and what no account can pay", async () => {
    const limited = setup({ maxPending: 1 }, rich);
    await limited.bot.start(new AbortController().signal);
    await limited.clock.advance(30_000);
    const report = await limited.bot.finished();
    expect(report.codes.skipped).to.deep.equal({ BOT_TOO_MANY_PENDING: report.totals.skipped });
    expect(report.totals.reached + report.totals.skipped).to.equal(10);
    expect(report.totals.skipped).to.be.greaterThan(3);
    await limited.bot.stop();
    const poor = setup(
      {
        mix: mixOf({ private: 0.5, shield: 0, unshield: 0, withdraw: 0 }),
        notesPerAccount: 0,
        schedule: [{ txPerSecond: 1, seconds: 20 }],
      },
      rich,
    );
    await poor.bot.start(new AbortController().signal);
    await poor.clock.advance(60_000);
    const { byKind } = await poor.bot.finished();
    expect(byKind.private.skipped).to.be.greaterThan(3);
    expect(byKind.private.skipped + byKind.transfer.reached).to.equal(20);
    await poor.bot.stop();
  });

  it("stops cleanly in the middle of everything", async () => {
    for (const afterMs of [0, 500, 3_500, 6_000]) {
      const { clock, bot, logger } = setup({ schedule: [{ txPerSecond: 5, seconds: undefined }] });
      await bot.start(new AbortController().signal);
      await clock.advance(afterMs);
      await bot.stop();
      const report = await bot.finished();
      expect(report.totals.due).to.equal(report.totals.reached + report.totals.open);
      expect([clock.pendingTimers, logger.lines("error").length, logger.lines("warn").length]).to.deep.equal([0, 0, 0]);
    }
  });

  it("stops when its caller's signal fires", async () => {
    const { clock, bot } = setup({}, rich);
    const abort = new AbortController();
    await bot.start(abort.signal);
    await clock.advance(2_500);
    abort.abort();
    await bot.stop();
    expect((await bot.finished()).totals.due).to.equal(2);
    expect(clock.pendingTimers).to.equal(0);
  });
});
