import { EthAddress } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { MemoryLogger, RecordingMeter, SeededRandom } from "@sprtn/testing";
import { expect } from "chai";
import { Bot, type BotSettings } from "./bot.js";
import { mixOf } from "./payment-mix.js";
import { FakePaymentWallet } from "./test/fake-payment-wallet.js";

const PUBLIC_ONLY = mixOf({ private: 0, shield: 0, unshield: 0, withdraw: 0 });
const settings: BotSettings = {
  schedule: [{ txPerSecond: 1, seconds: 10 }],
  mix: PUBLIC_ONLY,
  followStage: "pending",
  followTimeoutMs: 30_000,
  maxPending: 100,
  maxAmount: 10n,
  withdrawTo: EthAddress(`0x${"11".repeat(20)}`),
  publicFloor: 1_000n,
  topUp: 50_000n,
  notesPerAccount: 4,
  noteValue: 1_000n,
  settleTimeoutMs: 60_000,
  checkMs: 1_000,
};

describe("Bot", () => {
  const setup = (
    change: Partial<BotSettings> = {},
    wallet: ConstructorParameters<typeof FakePaymentWallet>[1] = {},
  ) => {
    const clock = new ManualClock();
    const fake = new FakePaymentWallet(clock, wallet);
    const [logger, meter] = [new MemoryLogger(), new RecordingMeter()];
    const bot = new Bot(
      { wallet: fake, funding: fake, clock, random: new SeededRandom(1), logger, meter },
      { ...settings, ...change },
    );
    return { clock, fake, logger, meter, bot };
  };
  const rich = { public: 10n ** 6n };

  it("funds its accounts, goes through its schedule, follows every payment and reports", async () => {
    const { clock, fake, meter, bot } = setup();
    await bot.start(new AbortController().signal);
    await clock.advance(60_000);
    const report = await bot.finished();
    expect(fake.deposits.map(({ recipient, amount }) => [recipient, amount])).to.deep.equal([
      [100n, 50_000n],
      [101n, 50_000n],
    ]);
    expect(report).to.deep.include({ due: 10, sent: 10, topUps: 2, codes: {} });
    expect(report.totals).to.deep.equal({
      reached: 10,
      reverted: 0,
      dropped: 0,
      lost: 0,
      refused: 0,
      skipped: 0,
      unfinished: 0,
    });
    expect(report.latency.pending).to.deep.equal({
      count: 10,
      meanMs: 2_000,
      p50Ms: 2_000,
      p95Ms: 2_000,
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

  it("tells refused, dropped, reverted and lost payments apart", async () => {
    const { clock, fake, bot } = setup({ schedule: [{ txPerSecond: 1, seconds: 5 }] }, rich);
    const fates: ReturnType<FakePaymentWallet["fate"]>[] = [
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
    ];
    fake.fate = () => fates[fake.paid.length - 1] as (typeof fates)[0];
    await bot.start(new AbortController().signal);
    await clock.advance(60_000);
    const { totals, codes, sent } = await bot.finished();
    expect(totals).to.deep.equal({
      reached: 1,
      reverted: 1,
      dropped: 1,
      lost: 1,
      refused: 1,
      skipped: 0,
      unfinished: 0,
    });
    expect([sent, codes]).to.deep.equal([4, { TX_POOL_FULL: 1, TX_EXPIRED: 1 }]);
    await bot.stop();
  });

  it("skips what comes due beyond its limit, and what no account can pay", async () => {
    const limited = setup({ maxPending: 1 }, rich);
    await limited.bot.start(new AbortController().signal);
    await limited.clock.advance(30_000);
    const report = await limited.bot.finished();
    expect(report.codes).to.deep.equal({ BOT_TOO_MANY_PENDING: report.totals.skipped });
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

  it("waits and tries again while it cannot be funded", async () => {
    const { clock, fake, logger, bot } = setup();
    fake.depositFails = true;
    await bot.start(new AbortController().signal);
    await clock.advance(5_000);
    expect(fake.paid).to.deep.equal([]);
    expect(logger.messages("warn").length).to.be.greaterThan(2);
    fake.depositFails = false;
    await clock.advance(60_000);
    expect((await bot.finished()).totals.reached).to.equal(10);
    await bot.stop();
  });

  it("stops cleanly in the middle of everything", async () => {
    for (const afterMs of [0, 500, 3_500, 6_000]) {
      const { clock, bot, logger } = setup({ schedule: [{ txPerSecond: 5, seconds: undefined }] });
      const abort = new AbortController();
      await bot.start(abort.signal);
      await clock.advance(afterMs);
      await bot.stop();
      const report = await bot.finished();
      expect(report.due).to.equal(report.totals.reached + report.totals.unfinished);
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
    expect((await bot.finished()).due).to.equal(2);
    expect(clock.pendingTimers).to.equal(0);
  });
});
