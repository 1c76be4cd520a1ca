import { epochOf } from "@sprtn/consensus";
import { expect } from "chai";
import { BlockNumber, EthAddress, type Field, type Hex, Slot } from "@sprtn/primitives";
import type { TxReceipt } from "@sprtn/ports";
import { createRpcClient, proverMethods } from "@sprtn/rpc";
import { Account } from "./network/accounts.js";
import { report, runHooks } from "./network/run-hooks.js";
import { currentSlot } from "./network/slots.js";
import type { TestNode } from "./network/test-node.js";
import { waitFor } from "./process/wait-for.js";
import { provenTransaction, tamperings, tryProof } from "./proofs/proven-transaction.js";
import { openPortal, openWallet } from "./wallet/open-wallet.js";
import { auditRewards } from "./watch/audit-rewards.js";

const AZT = 10n ** 18n;
const SLOT_SECONDS = 4;
const SLOT_MS = 1000 * SLOT_SECONDS;
const EPOCH_SLOTS = 20;
/** An epoch like this one takes two idle cores about three minutes. */
const PROVING_MS = 20 * 60_000;
const WITHDRAW_TO = EthAddress(`0x${"f0".repeat(20)}`);
/** keyTreeRoot's place in the Rollup's storage: contracts/snapshots/storage-layout.json. */
const KEY_TREE_ROOT_SLOT = `0x${"3".padStart(64, "0")}`;

/** Whether an agent has begun a job, by its log, and not ended it. */
const isProving = (lines: readonly string[]) =>
  lines.findLast(line => /: prov(ing|ed) /.test(line))?.includes("proving") === true;

describe("a network with real proofs", function () {
  this.timeout(PROVING_MS + 120_000);
  const run = runHooks({
    name: "local",
    crs: "dev",
    slotSeconds: SLOT_SECONDS,
    epochSlots: EPOCH_SLOTS,
    proofSeconds: PROVING_MS / 1000,
    challengeSeconds: 600,
    proving: true,
    agents: 2,
    agentEnvironment: { PROVER_THREADS: "1", LOG_LEVEL: "verbose" },
    proverEnvironment: { PROVER_BROKER_LEASE_MS: "10000" },
    // Blocks for transactions and messages only: every block is to be proven.
    validatorEnvironment: () => ({ SEQ_MIN_TX_PER_BLOCK: "1" }),
  });
  const mined: readonly TxReceipt["stage"][] = ["pending", "proven", "finalized"];
  const included = (node: TestNode, hash: Field) =>
    waitFor(`transaction ${hash} is in a block`, 6 * SLOT_MS, async () => {
      const receipt = await node.api.getTxReceipt(hash);
      return mined.includes(receipt.stage) && receipt;
    });
  let lastBlock = 0;
  let withdrawal: Field;

  it(
    "h: an epoch with a deposit, a shield, a transfer and a withdrawal is proven by two agents, one of which is " +
      "killed at work, as is the prover node; L1 accepts the proof",
    async () => {
      const { network, hub, agents } = run();
      const node = run().validator(0);
      const info = await node.api.getNodeInfo();
      expect({ proofMode: info.proofMode, crs: info.crs }).to.deep.equal({ proofMode: "real", crs: "dev" });
      const { parameters } = network.deployment;
      const wallet = await openWallet(network, node, { seed: `0x${"44".repeat(32)}` as Hex, accounts: 2 });
      const [one, two] = wallet.accounts();
      if (one === undefined || two === undefined) expect.fail("the wallet has two accounts");

      // All of it is to be in one epoch, and takes about ten slots.
      await waitFor(
        "half an epoch that is left",
        EPOCH_SLOTS * SLOT_MS,
        async () => currentSlot(network) % EPOCH_SLOTS <= EPOCH_SLOTS / 2,
      );
      const deposit = await openPortal(network, Account.WALLET).funding.deposit({
        recipient: one.address,
        amount: 10n * AZT,
        secretHash: await wallet.newDepositSecret(),
      });
      const claim = await wallet.claimDeposit(deposit);
      await included(node, claim);
      await wallet.sync();
      const hashes = [
        claim,
        await wallet.pay({ kind: "shield", from: 0, to: two.paymentAddress, amount: AZT, notes: 1 }),
      ];
      await included(node, hashes.at(-1) as Field);
      await wallet.sync();
      withdrawal = await wallet.pay({ kind: "withdraw", from: 0, to: WITHDRAW_TO, amount: AZT });
      hashes.push(await wallet.pay({ kind: "transfer", from: 0, to: two.address, amount: AZT }), withdrawal);
      const receipts = await Promise.all(hashes.map(hash => included(node, hash)));
      expect(receipts.map(({ reverted }) => reverted)).not.to.include(true);
      const blocks = new Set(receipts.map(({ block }) => block?.number ?? 0));
      lastBlock = Math.max(...blocks);
      expect(blocks.size, "blocks with transactions").to.be.at.least(2);
      const epochs = await Promise.all(
        [...blocks].map(async number =>
          epochOf(parameters, (await node.api.getBlock(BlockNumber(number)))?.header.slot ?? Slot(0)),
        ),
      );
      expect(new Set(epochs), "all in one epoch").to.have.lengthOf(1);

      // The first agent dies while it proves; the other is given its job when the lease is over.
      const prover = createRpcClient(proverMethods, hub.url);
      await waitFor(
        "the first agent is at work",
        PROVING_MS / 4,
        async () => isProving(agents[0]?.tail ?? []) && (await prover.getEpochs()).some(({ jobsDone }) => jobsDone > 0),
      );
      await agents[0]?.kill();
      const killedAt = (await prover.getEpochs())[0];
      // Then the prover node, with its broker; the agent that is left brings what it proves in the meantime when it is
      // back.
      await hub.kill();
      await hub.start();
      const proven = await waitFor("the epoch is proven on L1", PROVING_MS, async () => {
        const tips = await node.api.getChainTips();
        return tips.proven.number >= lastBlock && tips.proven;
      });
      expect(proven.number).to.be.at.least(lastBlock);
      const finished = agents.flatMap(agent => agent.lines(/: proved .* job=(\S+)/));
      expect(new Set(finished), "no finished job is proven again").to.have.lengthOf(finished.length);
      const { receipt } = await provenTransaction(network, lastBlock);
      report(
        `${hashes.length} transactions in blocks ${[...blocks].join(", ")} proven in slot ${currentSlot(network)}, ` +
          `an agent and the prover node killed after ${killedAt?.jobsDone} of ${killedAt?.jobsTotal} jobs; ` +
          `processProvenRange used ${receipt.gasUsed} gas`,
      );
    },
  );

  it("i: L1 refuses the same proof with anything changed (INV-7)", async () => {
    const { network } = run();
    const { call, receipt } = await provenTransaction(network, lastBlock);
    const at = receipt.blockNumber;
    expect(await tryProof(network, { l1Block: at, call }), "as it was sent").to.equal("accepted");
    for (const { what, change, error } of tamperings)
      expect(await tryProof(network, { l1Block: at, call: change(call) }), what).to.equal(error);
    expect(
      await tryProof(network, { l1Block: at, call, overrides: { [KEY_TREE_ROOT_SLOT]: `0x${"1".padStart(64, "0")}` } }),
      "another key tree",
    ).to.equal("Prov1_InvalidProof");
    expect(
      await tryProof(network, { l1Block: at, call: { ...call, from: WITHDRAW_TO } }),
      "another sender than the coordinator",
    ).to.equal("Prov2_NotTheCoordinator");
    expect(await tryProof(network, { l1Block: at + 1, call }), "a range that is proven already").to.equal(
      "Prov1_NotPending",
    );
    report(
      `${tamperings.length + 3} tamperings refused, each with its own error; the proof has ${call.proof.length} bytes`,
    );
  });

  it("j: the withdrawal, now proven, pays on L1", async () => {
    const { network } = run();
    const node = run().validator(0);
    const { client } = openPortal(network, Account.WALLET);
    const witness = await node.api.getL2ToL1MessageWitness(withdrawal);
    if (witness === null) expect.fail("a withdrawal has a witness");
    await client.withdraw({
      recipient: WITHDRAW_TO,
      amount: AZT,
      blockNumber: witness.block,
      leafId: witness.leafId,
      path: witness.path,
    });
    expect(await client.tokenBalance(WITHDRAW_TO)).to.equal(AZT);
    await auditRewards(network);
  });
});
