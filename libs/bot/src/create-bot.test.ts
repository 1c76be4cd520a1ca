import { jsFieldHasher, toHex, type Field, Wei } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { composeSettings, parseSettings } from "@sprtn/settings";
import { FakeKvStore, FakeNode, FakeProofBackend, MemoryLogger, RecordingMeter, SeededRandom } from "@sprtn/testing";
import { Wallet, walletSettingsFrom } from "@sprtn/wallet";
import { walletSettings } from "@sprtn/wallet/settings";
import { expect } from "chai";
import { BotError, BotErrorCode } from "./bot-error.js";
import { botSettingsFrom, createBot } from "./create-bot.js";
import { botSettings } from "./settings.js";
import { FakePaymentWallet } from "./test/fake-payment-wallet.js";

const parse = (env: Record<string, string>) =>
  parseSettings(composeSettings({ bot: botSettings, wallet: walletSettings }), { args: [], env }).settings;

describe("createBot", function () {
  it("reads its settings", () => {
    const { schedule, mix } = botSettingsFrom(
      parse({ BOT_SCHEDULE: "0.1:600,1:600,0.5", BOT_PRIVATE_SHARE: "0.25" }).bot,
    );
    expect(schedule).to.deep.equal([
      { txPerSecond: 0.1, seconds: 600 },
      { txPerSecond: 1, seconds: 600 },
      { txPerSecond: 0.5, seconds: undefined },
    ]);
    expect(mix).to.deep.include({ private: 0.25, transfer: 0.75 });
    expect(botSettingsFrom(parse({ BOT_TX_PER_SECOND: "10" }).bot).schedule).to.deep.equal([
      { txPerSecond: 10, seconds: undefined },
    ]);
    expect(() => parse({ BOT_SCHEDULE: "fast" })).to.throw("BOT_SCHEDULE");
    expect(() => botSettingsFrom(parse({ BOT_PRIVATE_SHARE: "0.9", BOT_SHIELD_SHARE: "0.2" }).bot))
      .to.throw()
      .with.property("code", BotErrorCode.BAD_MIX);
  });

  it("refuses payments, top-ups and notes of nothing", () => {
    for (const [name, key] of [
      ["BOT_MAX_AMOUNT", "maxAmount"],
      ["BOT_TOP_UP", "topUp"],
      ["BOT_NOTE_VALUE", "noteValue"],
    ] as const) {
      expect(() => parse({ [name]: "0" })).to.throw(name);
      expect(() => parse({ [name]: "1" })).not.to.throw();
      expect(() => botSettingsFrom({ ...parse({}).bot, [key]: Wei(0n) }))
        .to.throw(BotError, name)
        .with.property("code", BotErrorCode.BAD_AMOUNT);
    }
  });

  it("keeps the seed that it made, if it has a store", async () => {
    const [store, seeds] = [new FakeKvStore(), [] as string[]];
    const bot = async (random: number, env: Record<string, string> = {}) => {
      const openWallet = async ({ seed }: { readonly seed: Uint8Array }) => {
        seeds.push(toHex(seed));
        return new FakePaymentWallet(new ManualClock());
      };
      const parts = { clock: new ManualClock(), logger: new MemoryLogger(), meter: new RecordingMeter() };
      await createBot({ ...parts, openWallet, store, random: new SeededRandom(random) }, parse(env).bot);
    };
    const given = `0x${"07".repeat(32)}` as const;
    await bot(1);
    await bot(2);
    await bot(3, { BOT_SEED: given });
    expect(seeds[1]).to.equal(seeds[0]);
    expect(seeds[2]).to.equal(given);
  });

  it("drives a real wallet on a chain: deposits, splits, pays privately and publicly, and loses nothing", async () => {
    const clock = new ManualClock();
    const node = new FakeNode();
    const kv = new FakeKvStore();
    const proofs = new FakeProofBackend();
    const random = new SeededRandom(11);
    const { bot: environment, wallet: walletEnvironment } = parse({
      BOT_SCHEDULE: "2:20",
      BOT_PRIVATE_SHARE: "0.5",
      BOT_ACCOUNTS: "2",
      BOT_NOTES_PER_ACCOUNT: "4",
      BOT_SEED: `0x${"07".repeat(32)}`,
      BOT_CHECK_INTERVAL: "1s",
    });
    let wallet: Wallet | undefined;
    const openWallet = async (keys: { seed: Uint8Array; accounts: number; notesKept: number }) => {
      wallet = await Wallet.open(
        { hasher: jsFieldHasher, random, clock, kv, node, proofs },
        { ...walletSettingsFrom(walletEnvironment, keys), notesKept: keys.notesKept },
      );
      return wallet;
    };
    const logger = new MemoryLogger();
    const bot = await createBot(
      { openWallet, funding: node, clock, random, logger, meter: new RecordingMeter() },
      environment,
    );
    await bot.start(new AbortController().signal);
    // A block every two seconds.
    for (let block = 0; block < 60; block++) {
      await clock.advance(2_000);
      node.mine();
    }
    const report = await bot.finished();
    await bot.stop();
    expect(report.topUps).to.equal(2);
    expect(report.totals.due).to.equal(40);
    expect(report.totals.reached + report.totals.skipped).to.equal(40);
    expect(report.byKind.transfer.reached).to.be.greaterThan(10);
    expect(report.byKind.private.reached).to.be.greaterThan(10);

    await wallet?.sync();
    const accounts = wallet?.accounts() ?? [];
    const notes = await Promise.all(accounts.map(async ({ index }) => (await wallet?.balance(index))?.private ?? 0n));
    const supply = await node.publicSupply(accounts.map(({ address }): Field => address));
    const burnt = node.blocks.reduce((sum, block) => sum + block.header.totalBaseFees, 0n);
    expect(supply + notes.reduce((sum, wei) => sum + wei, 0n) + burnt).to.equal(2n * environment.topUp);
  });
});
