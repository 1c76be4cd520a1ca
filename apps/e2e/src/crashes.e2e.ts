import { expect } from "chai";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import type { TxReceipt } from "@sprtn/ports";
import { codeOf, type Field, fieldToHex, type Hex } from "@sprtn/primitives";
import { sleep } from "@sprtn/runtime";
import type { Wallet } from "@sprtn/wallet";
import { Account } from "./network/accounts.js";
import { allAgree } from "./network/agreement.js";
import { report, runHooks } from "./network/run-hooks.js";
import { SLOT_SECONDS } from "./network/short-parameters.js";
import { waitFor } from "./process/wait-for.js";
import { openPortal, openWallet } from "./wallet/open-wallet.js";

const SLOT_MS = 1000 * SLOT_SECONDS;
const AZT = 10n ** 18n;
/** The scenario ends with the first of the two. */
const KILLS = Number(process.env.E2E_KILLS ?? 200);
const KILLING_MS = 1000 * Number(process.env.E2E_KILLING_SECONDS ?? 240);
/** Below this a run shows nothing. */
const FEWEST_KILLS = Math.min(10, KILLS);
/** Sent at once, and the longest that the validator lives after the first of them is acknowledged. */
const AT_ONCE = 3;
const LONGEST_LIFE_MS = 400;
/** Until a validator that was just started is in step with L1 and takes transactions. */
const START_MS = 60_000;

describe("a validator that is killed with -9 again and again under load", () => {
  const run = runHooks({ name: "local", proofSeconds: 900, challengeSeconds: 900, proving: false });
  const acknowledged = new Set<Field>();
  /** By code. */
  const refusals: Record<string, number> = {};
  const included = ["pending", "proven", "finalized"];

  const receipts = async (): Promise<TxReceipt[]> => {
    const { api } = run().validator(3);
    const found: TxReceipt[] = [];
    for (const hash of acknowledged) found.push(await api.getTxReceipt(hash));
    return found;
  };
  const count = (all: readonly TxReceipt[]): Record<string, number> => {
    const counted: Record<string, number> = {};
    for (const { stage, ...rest } of all) {
      const name = "code" in rest && rest.code !== undefined ? rest.code : stage;
      counted[name] = (counted[name] ?? 0) + 1;
    }
    return counted;
  };

  it("INV-10: accounts for each transaction that it has acknowledged", async function () {
    this.timeout(KILLING_MS + 240_000);
    const { network, hub } = run();
    const victim = run().validator(3);
    const wallet = await openWallet(network, hub, {
      seed: `0x${"44".repeat(32)}` as Hex,
      accounts: 1,
      lifetimeEpochs: 4,
      // Lets the transaction go where it may be lost.
      sendTx: tx => victim.api.sendTx(tx),
    });
    await fund(wallet);

    const endMs = systemClock.nowMs() + KILLING_MS;
    let kills = 0;
    while (kills < KILLS && systemClock.nowMs() < endMs) {
      const sending: Promise<boolean>[] = [];
      await waitFor("the validator acknowledges a transaction", START_MS, async () => {
        const round = Array.from({ length: AT_ONCE }, (_, n) => send(wallet, BigInt(n + 1)));
        sending.push(...round);
        return await firstTrue(round);
      });
      await sleep(systemClock, ((systemRandom.bytes(1)[0] ?? 0) / 256) * LONGEST_LIFE_MS);
      await victim.kill();
      kills += 1;
      await Promise.all(sending);
      await victim.start();
    }
    expect(kills, "kills in the time that there is").to.be.at.least(FEWEST_KILLS);
    expect(acknowledged.size, "acknowledged transactions").to.be.at.least(kills);

    const settled = await waitFor("every acknowledged transaction is in a block or dropped", 40 * SLOT_MS, async () => {
      const all = await receipts();
      return all.every(({ stage }) => included.includes(stage) || stage === "dropped") && all;
    }).catch(async (error: unknown) => {
      const open = (await receipts()).filter(({ stage }) => !included.includes(stage) && stage !== "dropped");
      for (const { txHash, stage } of open) report(`${fieldToHex(txHash)} is ${stage}`);
      throw error;
    });
    for (const receipt of settled)
      if (receipt.stage === "dropped") expect(receipt.code, fieldToHex(receipt.txHash)).to.match(/^TX_/);

    await victim.kill();
    await victim.start();
    await allAgree(network, network.nodes, 10 * SLOT_MS);
    expect(count(await receipts()), "after one more kill").to.deep.equal(count(settled));
    report(
      `${kills} kills, ${acknowledged.size} transactions acknowledged: ${JSON.stringify(count(settled))}; not acknowledged: ${JSON.stringify(refusals)}`,
    );
  });

  /** Whether it was acknowledged; what was refused, or met a dead node, is owed nothing. */
  async function send(wallet: Wallet, amount: bigint): Promise<boolean> {
    try {
      acknowledged.add(await wallet.pay({ kind: "transfer", from: 0, to: 9n as Field, amount }));
      return true;
    } catch (error) {
      const code = codeOf(error);
      refusals[code] = (refusals[code] ?? 0) + 1;
      return false;
    }
  }

  async function fund(wallet: Wallet): Promise<void> {
    const { network, hub } = run();
    const [account] = wallet.accounts();
    if (account === undefined) expect.fail("the wallet has an account");
    const { funding } = openPortal(network, Account.WALLET);
    const secretHash = await wallet.newDepositSecret();
    const deposit = await funding.deposit({ recipient: account.address, amount: 1_000n * AZT, secretHash });
    const claim = await wallet.claimDeposit(deposit);
    await waitFor("the deposit is claimed", 10 * SLOT_MS, async () =>
      included.includes((await hub.api.getTxReceipt(claim)).stage),
    );
    await wallet.sync();
  }
});

/** Resolves with the first true, or with false once all are. */
async function firstTrue(answers: readonly Promise<boolean>[]): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  for (const answer of answers) void answer.then(yes => yes && resolve(true));
  void Promise.all(answers).then(() => resolve(false));
  return promise;
}
