import { expect } from "chai";
import type { TxReceipt } from "@sprtn/ports";
import { BlockNumber, EthAddress, type Field, type Hex } from "@sprtn/primitives";
import type { Wallet } from "@sprtn/wallet";
import { readL1History } from "./l1/l1-history.js";
import { Account, keyOf } from "./network/accounts.js";
import { allAgree } from "./network/agreement.js";
import { report, runHooks } from "./network/run-hooks.js";
import { EPOCH_SLOTS, SLOT_SECONDS } from "./network/short-parameters.js";
import { assertGoesOn, currentSlot, filled, slotRecords } from "./network/slots.js";
import type { TestNode } from "./network/test-node.js";
import type { GuardedProcess } from "./process/guarded-process.js";
import { waitFor } from "./process/wait-for.js";
import { claimReward } from "./wallet/claim-reward.js";
import { openPortal, openWallet } from "./wallet/open-wallet.js";
import { auditGossip } from "./watch/audit-gossip.js";
import { auditProtection } from "./watch/audit-protection.js";
import { auditRewards } from "./watch/audit-rewards.js";
import { auditSupply } from "./watch/audit-supply.js";
import { readChain } from "./watch/read-chain.js";

const AZT = 10n ** 18n;
const SLOT_MS = 1000 * SLOT_SECONDS;
const walletKeys = { seed: `0x${"11".repeat(32)}` as Hex, accounts: 2 };
const botKeys = { seed: `0x${"22".repeat(32)}` as Hex, accounts: 2 };
const WITHDRAW_TO = EthAddress(`0x${"ee".repeat(20)}`);

describe("a network of processes: four validators, a prover node with an agent, a bot", () => {
  const run = runHooks({ name: "local", proofSeconds: 16, challengeSeconds: 64, proving: true, honest: true });
  let wallet: Wallet;
  let bot: GuardedProcess;

  const stage = async (
    node: TestNode,
    hash: Field,
    { wanted, deadlineMs }: { readonly wanted: readonly TxReceipt["stage"][]; readonly deadlineMs: number },
  ): Promise<TxReceipt> =>
    waitFor(`transaction ${hash} is ${wanted[0]} at ${node.name}`, deadlineMs, async () => {
      const receipt = await node.api.getTxReceipt(hash);
      return wanted.includes(receipt.stage) ? receipt : undefined;
    });
  const mined = ["pending", "proven", "finalized"] as const;

  it("a: transactions sent to one node land in blocks of others, which become pending, proven, finalized", async () => {
    const { network, validators } = run();
    const sender = run().validator(0);
    bot = network.startApp("bot", "tx-bot", {
      BOT_NODE_URL: run().validator(1).url,
      SEQ_PUBLISHER_PRIVATE_KEY: keyOf(Account.BOT),
      BOT_SEED: botKeys.seed,
      BOT_ACCOUNTS: String(botKeys.accounts),
      BOT_NOTES_PER_ACCOUNT: "2",
      BOT_TX_PER_SECOND: "0.5",
      BOT_PRIVATE_SHARE: "0.3",
      BOT_SHIELD_SHARE: "0.2",
      BOT_UNSHIELD_SHARE: "0.2",
      BOT_CHECK_INTERVAL: "1s",
      WALLET_POLL_INTERVAL: "500ms",
      WALLET_PRIORITY_FEE_PER_L2_GAS: "1000",
    });
    wallet = await openWallet(network, sender, walletKeys);
    const { client, funding } = openPortal(network, Account.WALLET);
    const [one, two] = wallet.accounts();
    if (one === undefined || two === undefined) expect.fail("the wallet has two accounts");
    const deposit = await funding.deposit({
      recipient: one.address,
      amount: 10n * AZT,
      secretHash: await wallet.newDepositSecret(),
    });
    const claim = await wallet.claimDeposit(deposit);
    await stage(sender, claim, { wanted: mined, deadlineMs: 4 * SLOT_MS });
    await wallet.sync();

    const hashes = [claim];
    hashes.push(await wallet.pay({ kind: "shield", from: 0, to: one.paymentAddress, amount: 2n * AZT, notes: 2 }));
    await stage(sender, hashes.at(-1) as Field, { wanted: mined, deadlineMs: 4 * SLOT_MS });
    await wallet.sync();
    hashes.push(
      await wallet.pay({ kind: "private", anchor: "newest", from: 0, to: two.paymentAddress, amount: AZT / 2n }),
    );
    await stage(sender, hashes.at(-1) as Field, { wanted: mined, deadlineMs: 4 * SLOT_MS });
    hashes.push(await wallet.pay({ kind: "transfer", from: 0, to: two.address, amount: AZT }));
    await stage(sender, hashes.at(-1) as Field, { wanted: mined, deadlineMs: 4 * SLOT_MS });
    const withdrawal = await wallet.pay({ kind: "withdraw", from: 0, to: WITHDRAW_TO, amount: AZT });
    hashes.push(withdrawal);

    const receipts = await Promise.all(
      hashes.map(hash => stage(sender, hash, { wanted: ["finalized"], deadlineMs: 25 * SLOT_MS })),
    );
    const numbers = receipts.map(receipt => receipt.block?.number ?? 0);
    const proposers = await Promise.all(
      numbers.map(async number => (await sender.api.getBlock(BlockNumber(number)))?.header.coinbase),
    );
    const others = proposers.filter(proposer => proposer !== network.validatorAddress(0));
    expect(others.length, "blocks of others").to.be.greaterThan(0);
    expect(receipts.map(receipt => receipt.reverted)).not.to.include(true);

    const witness = await sender.api.getL2ToL1MessageWitness(withdrawal);
    if (witness === null) expect.fail("a withdrawal has a witness");
    await client.withdraw({
      recipient: WITHDRAW_TO,
      amount: AZT,
      blockNumber: witness.block,
      leafId: witness.leafId,
      path: witness.path,
    });
    expect(await client.tokenBalance(WITHDRAW_TO)).to.equal(AZT);

    const { accepted } = await allAgree(network, network.nodes, 5 * SLOT_MS);
    const authors = new Set(accepted.map(({ header }) => header.coinbase));
    expect(authors, "every validator proposes").to.have.lengthOf(validators.length);
    report(
      `${hashes.length} transactions through ${sender.name} finalized, ${others.length} in blocks of others; a ` +
        `withdrawal paid on L1; ${accepted.length} blocks by ${authors.size} proposers`,
    );
  });

  it("b: a validator killed with -9 misses its slots only, and catches up on its data directory", async () => {
    const { network, validators, hub } = run();
    const victim = run().validator(2);
    const address = network.validatorAddress(2);
    const killedIn = currentSlot(network);
    await victim.kill();
    const [first, last] = [killedIn + 1, killedIn + 8];
    await waitFor("two epochs without the validator", 12 * SLOT_MS, async () => currentSlot(network) > last);
    const records = await slotRecords(await readL1History(network), hub, { first, last });
    const missed = filled(records, address);
    expect(missed.own, "slots of the dead validator").to.be.greaterThan(0);
    expect(missed.withBlock, "its slots with a block").to.equal(0);
    const alive = assertGoesOn(
      validators
        .map((_, index) => network.validatorAddress(index))
        .filter(other => other !== address)
        .map(other => filled(records, other)),
    );

    await victim.start();
    await allAgree(network, network.nodes, 10 * SLOT_MS);
    const back = currentSlot(network);
    await waitFor("the validator proposes again", 12 * SLOT_MS, async () => {
      const history = await readL1History(network);
      return history.accepted.some(({ header }) => header.slot > back && header.coinbase === address);
    });
    report(
      `slots ${first}–${last}: ${missed.withBlock} of ${missed.own} of the dead one, ${alive.withBlock} of ` +
        `${alive.own} of the others hold a block`,
    );
  });

  it("c: a new node that knows only BOOTNODE_URL finds peers by discovery and syncs to the same roots", async () => {
    const { network } = run();
    const boot = run().validator(1);
    const fresh = await network.startJoiningNode("newcomer", ["--node"], { BOOTNODE_URL: boot.url });
    await allAgree(network, network.nodes, 10 * SLOT_MS);
    const tip = (await fresh.api.getChainTips()).pending.number;
    const [ours, theirs] = await Promise.all([readChain(fresh.api, tip), readChain(boot.api, tip)]);
    expect(ours).to.deep.equal(theirs);
    const peers = await waitFor("the newcomer has peers beyond its boot node", 12 * SLOT_MS, async () => {
      const found = await fresh.api.getPeers();
      return found.length >= 3 && found;
    });
    const balances = await waitFor("equal balances at one tip", 5 * SLOT_MS, async () => {
      const read = async (node: TestNode) => {
        const before = await node.api.getChainTips();
        const wei = await Promise.all(wallet.accounts().map(({ address }) => node.api.getPublicBalance(address)));
        return { tip: before.pending, same: before.pending.hash === (await node.api.getChainTips()).pending.hash, wei };
      };
      const [mine, yours] = await Promise.all([read(fresh), read(boot)]);
      return mine.same && yours.same && mine.tip.hash === yours.tip.hash && { mine: mine.wei, yours: yours.wei };
    });
    expect(balances.mine).to.deep.equal(balances.yours);
    report(`${tip} blocks and ${balances.mine.length} balances alike, ${peers.length} peers through one ENR`);
  });

  it("e: every node follows an L1 reorg of 3 blocks", async () => {
    const { network, watcher } = run();
    const removed = await waitFor("a block on L1 that is a second old", 10 * SLOT_MS, async () => {
      const history = await readL1History(network);
      const tip = history.accepted.at(-1);
      return tip !== undefined && history.head - tip.l1Block <= 1 && tip;
    });
    watcher.expectReorg();
    await network.devnet.reorg(3);
    const after = await readL1History(network);
    expect(
      after.accepted.map(({ l1Block, headerHash }) => `${l1Block}/${headerHash}`),
      "the removed block",
    ).not.to.include(`${removed.l1Block}/${removed.headerHash}`);
    await allAgree(network, network.nodes, 10 * SLOT_MS);
    const grown = await waitFor("the chain goes on, proofs too", 20 * SLOT_MS, async () => {
      const history = await readL1History(network);
      return history.pending > removed.header.number + 3 && history.proven > removed.header.number && history;
    });
    await allAgree(network, network.nodes, 5 * SLOT_MS);
    report(
      `block ${removed.header.number} of slot ${removed.header.slot} went with the reorg; ${network.nodes.length} ` +
        `nodes agree with L1 at ${grown.pending}, proven ${grown.proven}`,
    );
  });

  it("g: a prover node killed with -9 goes on where it was, and so does its agent", async () => {
    const { network, hub } = run();
    const { proven } = await readL1History(network);
    await hub.kill();
    const killedIn = currentSlot(network);
    await waitFor(
      "an epoch without the prover",
      8 * SLOT_MS,
      async () => currentSlot(network) > killedIn + EPOCH_SLOTS,
    );
    const without = await readL1History(network);
    await hub.start();
    const history = await waitFor("proofs go on", 20 * SLOT_MS, async () => {
      const now = await readL1History(network);
      return now.proven >= without.pending && now;
    });
    await allAgree(network, network.nodes, 5 * SLOT_MS);
    report(
      `proven ${proven} when it was killed, pending ${without.pending} and proven ${without.proven} when it came ` +
        `back, proven ${history.proven} ${currentSlot(network) - killedIn - EPOCH_SLOTS} slots later`,
    );
  });

  it("INV-5, 6, 8: supply, rewards and signatures add up at the end", async () => {
    const { network, hub, watcher, observer, validators } = run();
    await bot.stop();
    const payments = await bot.says(/"?totals"?[:=]\s*(\{[^}]*\})/, 1_000);
    const { lost, dropped } = JSON.parse(payments) as { readonly lost: number; readonly dropped: number };
    const codes = await bot.says(/codes=(\{.*?\}) latency=/, 1_000);
    const { refused = {} } = JSON.parse(codes) as { readonly refused?: Readonly<Record<string, number>> };
    expect(lost, "payments that were lost").to.equal(0);
    // A payment that was anchored at the block that L1's reorg took, for good, can be in no other: one slot's, at
    // 0.5 a second.
    expect(dropped, "payments that were dropped").to.be.at.most(Math.min(2, refused["TX_UNKNOWN_ANCHOR"] ?? 0));
    const reward = await claimReward(network, Account.FIRST_VALIDATOR, Account.WALLET);
    expect(reward > 0n, "a validator claims its rewards").to.equal(true);
    await waitFor("no transaction is pending", 10 * SLOT_MS, async () =>
      (await Promise.all(network.runningNodes.map(node => node.api.getPendingTxs(1)))).every(
        ({ length }) => length === 0,
      ),
    );
    const botWallet = await openWallet(network, hub, botKeys);
    await auditRewards(network);
    const txs = await waitFor("supply", 5 * SLOT_MS, async () => {
      let privateWei = 0n;
      for (const some of [wallet, botWallet]) {
        await some.sync();
        for (const { index } of some.accounts()) privateWei += (await some.balance(index)).private;
      }
      await auditSupply(network, hub.api, privateWei);
      return (await readChain(hub.api)).reduce((sum, { effects }) => sum + effects.length, 0);
    });
    const gossiped = await auditGossip(network.runningNodes);
    expect(gossiped, "gossip messages that were accepted").to.be.greaterThan(0);
    const looks = watcher.check();
    const seen = observer.check();
    await run().stopPrograms();
    let records = 0;
    for (const [index, { dataDirectory }] of validators.entries())
      records += await auditProtection(dataDirectory, network.validatorAddress(index), seen);
    report(
      `${txs} transactions, ${payments} the bot's, ${reward} wei claimed, ${looks} looks at nodes, ${seen.length} ` +
        `signatures heard, ${records} on record, ${gossiped} gossip messages accepted and none rejected`,
    );
  });
});
