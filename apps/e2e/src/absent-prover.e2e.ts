import { expect } from "chai";
import { provingDeadlines } from "@sprtn/consensus";
import { Epoch, type Hex } from "@sprtn/primitives";
import { readL1History } from "./l1/l1-history.js";
import { Account } from "./network/accounts.js";
import { allAgree } from "./network/agreement.js";
import { report, runHooks } from "./network/run-hooks.js";
import { SLOT_SECONDS } from "./network/short-parameters.js";
import { waitFor } from "./process/wait-for.js";
import { openPortal, openWallet } from "./wallet/open-wallet.js";
import { auditRewards } from "./watch/audit-rewards.js";

const SLOT_MS = 1000 * SLOT_SECONDS;
const AMOUNT = 10n ** 19n;

describe("a network whose prover stays away", () => {
  const run = runHooks({ name: "local", proofSeconds: 12, challengeSeconds: 12, proving: false });

  it("f: after D2 the pending chain is pruned; its transactions come back, and the chain goes on", async () => {
    const { network } = run();
    const node = run().validator(0);
    const wallet = await openWallet(network, node, {
      seed: `0x${"33".repeat(32)}` as Hex,
      accounts: 1,
      lifetimeEpochs: 20,
    });
    const [account] = wallet.accounts();
    if (account === undefined) expect.fail("the wallet has an account");
    const deposit = await openPortal(network, Account.WALLET).funding.deposit({
      recipient: account.address,
      amount: AMOUNT,
      secretHash: await wallet.newDepositSecret(),
    });
    const claim = await wallet.claimDeposit(deposit);
    const mined = async () => {
      const { stage, block } = await node.api.getTxReceipt(claim);
      return stage === "pending" && block;
    };
    const before = await waitFor("the deposit is claimed", 8 * SLOT_MS, mined);

    const { prune, blocks } = await waitFor("a prune", 20 * SLOT_MS, async () => {
      const { prunes, accepted } = await readL1History(network);
      return prunes[0] !== undefined && { prune: prunes[0], blocks: accepted.length };
    });
    const prunedAt = (await network.devnet.provider.getBlock(prune.l1Block))?.timestamp ?? 0;
    const { d2 } = provingDeadlines(network.deployment.parameters, Epoch(0));
    expect(prunedAt, "the time of the prune").to.be.greaterThan(d2);
    expect(prune.provenTip).to.equal(0);
    expect(prune.oldTip, "the tip before").to.be.at.least(before.number);

    const again = await waitFor("the claim is in a block again", 8 * SLOT_MS, async () => {
      const block = await mined();
      return block && block.hash !== before.hash && block;
    });
    const after = await waitFor("three more blocks", 8 * SLOT_MS, async () => {
      const history = await readL1History(network);
      return history.accepted.length >= blocks + 3 && history;
    });
    await allAgree(network, network.nodes, 5 * SLOT_MS);
    expect((await node.api.getPublicBalance(account.address)) > 0n, "the account holds its deposit again").to.equal(
      true,
    );
    await auditRewards(network);
    report(
      `blocks 1–${prune.oldTip} pruned ${prunedAt - d2} s after D2 ` +
        `(${d2 - network.deployment.parameters.genesisTime} s after genesis); the claim went from block ` +
        `${before.number} to block ${again.number}; tip ${after.pending} since`,
    );
  });
});
