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
/** A single one has START_MS. */
const KILLS = Number(process.env.E2E_KILLS ?? 200);
/** No more of them begin after so many minutes; all of them are made, however long a slow machine takes, without it. */
const MINUTES = Number(process.env.E2E_KILL_MINUTES ?? Infinity);
/** Sent at once, and the longest that the validator lives after the first of them is acknowledged. */
const AT_ONCE = 3;
const LONGEST_LIFE_MS = 400;
/** Until a validator that was just started is in step with L1 and takes transactions. */
const START_MS = 60_000;
/** Until all that was acknowledged has its end: what is in no block expires after 4 epochs. */
const SETTLING_MS = 40 * SLOT_MS;

describe("a validator that is killed with -9 again and again under load", () => {
  // Nothing is pruned, however long it takes; with proofs L1 finalizes what a node would else replay at each start.
  const run = runHooks({ name: "local", proofSeconds: 7200, challengeSeconds: 7200, proving: true });
  const acknowledged = new Set<Field>();
  /** By code. */
  const refusals: Record<string, number> = {};
  const included = ["pending", "proven", "finalized"];

  const isSettled = ({ stage }: TxReceipt) => included.includes(stage) || stage === "dropped";
  /** What became of a transaction; a node takes only so many requests at once, so it is asked again. */
  const receiptOf = (hash: Field) =>
    waitFor(`a receipt of ${fieldToHex(hash)}`, START_MS, () => run().validator(3).api.getTxReceipt(hash));
  const count = (all: readonly TxReceipt[]): Record<string, number> => {
    const counted: Record<string, number> = {};
    for (const { stage, ...rest } of all) {
      const name =
        "code" in rest && rest.code !== undefined ? rest.code : included.includes(stage) ? "included" : stage;
      counted[name] = (counted[name] ?? 0) + 1;
    }
    return counted;
  };

  it("INV-10: accounts for each transaction that it has acknowledged", async function () {
    this.timeout(KILLS * START_MS + SETTLING_MS + 120_000);
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

    const endMs = systemClock.steadyMs() + 60_000 * MINUTES;
    let kills = 0;
    for (; kills < KILLS && systemClock.steadyMs() < endMs; kills++) {
      const sending: Promise<boolean>[] = [];
      await waitFor("the validator acknowledges a transaction", START_MS, async () => {
        const round = Array.from({ length: AT_ONCE }, (_, n) => send(wallet, BigInt(n + 1)));
        sending.push(...round);
        return await firstTrue(round);
      });
      await sleep(systemClock, ((systemRandom.bytes(1)[0] ?? 0) / 256) * LONGEST_LIFE_MS);
      await victim.kill();
      await Promise.all(sending);
      await victim.start();
    }
    expect(acknowledged.size, "acknowledged transactions").to.be.at.least(kills);

    const settled = await settle();
    for (const receipt of settled)
      if (receipt.stage === "dropped") expect(receipt.code, fieldToHex(receipt.txHash)).to.match(/^TX_/);

    await victim.kill();
    await victim.start();
    await allAgree(network, network.nodes, 10 * SLOT_MS);
    const again: TxReceipt[] = [];
    for (const { txHash } of settled) again.push(await receiptOf(txHash));
    expect(count(again), "after one more kill").to.deep.equal(count(settled));
    report(
      `${kills} kills of ${KILLS}, ${acknowledged.size} transactions acknowledged: ` +
        `${JSON.stringify(count(settled))}; not acknowledged: ${JSON.stringify(refusals)}`,
    );
  });

  /** Each acknowledged transaction's receipt, once it is in a block or dropped. */
  async function settle(): Promise<TxReceipt[]> {
    const receipts = new Map<Field, TxReceipt>();
    await waitFor("every acknowledged transaction is in a block or dropped", SETTLING_MS, async () => {
      for (const hash of acknowledged) {
        const known = receipts.get(hash);
        if (known === undefined || !isSettled(known)) receipts.set(hash, await receiptOf(hash));
      }
      return [...receipts.values()].every(isSettled);
    }).catch((error: unknown) => {
      for (const receipt of receipts.values())
        if (!isSettled(receipt)) report(`${fieldToHex(receipt.txHash)} is ${receipt.stage}`);
      throw error;
    });
    return [...receipts.values()];
  }

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
