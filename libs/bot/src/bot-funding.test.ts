import { FakeKvStore } from "@sprtn/testing";
import { expect } from "chai";
import { type FakeWalletSettings, rich, setup } from "./test/bot-setup.js";

describe("how a bot gets its funds", () => {
  it("says once that it waits for deposits, and only if it does", async () => {
    const messagesOf = async (wallet?: FakeWalletSettings) => {
      const { clock, logger, bot } = setup({}, wallet);
      await bot.start(new AbortController().signal);
      await clock.advance(20_000);
      await bot.stop();
      return logger.messages("info").filter(message => /waits for its first deposits|sending begins$/.test(message));
    };
    const funded = "the bot's accounts are funded: sending begins";
    const [waits, begins, ...more] = await messagesOf();
    expect(waits).to.match(/waits for its first deposits from L1/);
    expect([begins, more]).to.deep.equal([funded, []]);
    expect(await messagesOf(rich)).to.deep.equal([funded]);
  });

  it("claims a deposit that it died over, on the same store, and none twice", async () => {
    const store = new FakeKvStore();
    const [first, second] = [setup({}, {}, store), setup({}, {}, store)];
    first.fake.claimFails = "RPC_UNREACHABLE";
    await first.bot.start(new AbortController().signal);
    await first.clock.advance(5_000);
    await first.bot.stop();
    const made = first.fake.deposits.length;
    expect(made).to.equal(2);
    await second.bot.start(new AbortController().signal);
    await second.clock.advance(60_000);
    expect(second.fake.deposits).to.deep.equal([]);
    expect(second.fake.claimed.map(({ recipient, secretHash }) => [recipient, secretHash])).to.have.deep.members(
      first.fake.deposits.map(({ recipient, secretHash }) => [recipient, secretHash]),
    );
    await second.bot.stop();
    let left = 0;
    for await (const _ of store.entries()) left++;
    expect(left).to.equal(0);
  });

  it("forgets a deposit that L1 has long lacked, as after a reorg, and deposits anew; tells each once", async () => {
    const { clock, fake, logger, bot } = setup({}, { accounts: 1 });
    fake.claimFails = "TX_MESSAGE_ABSENT";
    await bot.start(new AbortController().signal);
    await clock.advance(299_000);
    expect(fake.deposits.length).to.equal(1);
    expect(logger.messages("warn")).to.have.length(1);
    await clock.advance(3_000);
    expect(fake.deposits.length).to.equal(2);
    expect(logger.messages("warn").slice(1)).to.deep.include("a saved deposit can no longer be claimed: forgetting it");
    fake.claimFails = undefined;
    await clock.advance(60_000);
    expect(fake.claimed.map(({ secretHash }) => secretHash)).to.deep.equal([fake.deposits[1]?.secretHash]);
    expect((await bot.finished()).totals.reached).to.equal(10);
    expect(logger.messages("warn").length).to.be.at.most(3);
    await bot.stop();
  });

  it("forgets a deposit that was claimed before, and deposits anew", async () => {
    const store = new FakeKvStore();
    const [first, second] = [setup({}, { accounts: 1 }, store), setup({}, { accounts: 1 }, store)];
    first.fake.claimFails = "RPC_UNREACHABLE";
    await first.bot.start(new AbortController().signal);
    await first.clock.advance(5_000);
    await first.bot.stop();
    second.fake.claimFails = "TX_NULLIFIER_USED";
    await second.bot.start(new AbortController().signal);
    await second.clock.advance(500);
    second.fake.claimFails = undefined;
    await second.clock.advance(60_000);
    expect(second.fake.deposits.length).to.equal(1);
    expect((await second.bot.finished()).totals.reached).to.equal(10);
    await second.bot.stop();
  });

  it("starts nothing after its end, in the round that it was in", async () => {
    const { fake, logger, bot } = setup({}, { accounts: 1 });
    const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const balance = fake.balance.bind(fake);
    fake.balance = async account => {
      asked.resolve();
      await answer.promise;
      return balance(account);
    };
    await bot.start(new AbortController().signal);
    await asked.promise;
    const stopped = bot.stop();
    answer.resolve();
    await stopped;
    expect(fake.deposits).to.deep.equal([]);
    expect(logger.messages("warn")).to.deep.equal([]);
  });

  it("waits and tries again while it cannot be funded", async () => {
    const { clock, fake, logger, bot } = setup();
    fake.depositFails = true;
    await bot.start(new AbortController().signal);
    await clock.advance(5_000);
    expect(fake.paid).to.deep.equal([]);
    expect(logger.messages("warn"), "for both accounts together").to.have.length(1);
    fake.depositFails = false;
    await clock.advance(60_000);
    expect(logger.lines("info").filter(({ fields }) => "code" in fields)).to.have.length(1);
    expect(logger.messages("warn")).to.have.length(1);
    expect((await bot.finished()).totals.reached).to.equal(10);
    await bot.stop();
  });
});
