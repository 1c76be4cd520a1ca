import { EpochCommittees, seedOf, slotStart } from "@sprtn/consensus";
import { packFields, rootFromPath } from "@sprtn/merkle-trees";
import { BlockNumber, type Epoch, Field, fieldFromBytes, fieldToBytes, jsFieldHasher, Slot } from "@sprtn/primitives";
import type { Admission } from "@sprtn/ports";
import { CallKind, nextBaseFees, outHashParent, rootFromLeftFilledPath, type Tx } from "@sprtn/protocol";
import { ManualClock } from "@sprtn/runtime";
import type { BuiltBlock } from "@sprtn/state-transition";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { chainDeployment, fakeAddresses, FakeChain, FakeL1Time, FakeTxSource } from "@sprtn/testing";
import { expect } from "chai";
import { NodeService, NodeServiceErrorCode } from "./index.js";

const alice = Field(101);
const bob = Field(102);
const funds = 10n ** 12n;
const codeOfFailure = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: { code?: string }) => error.code,
  );

/** Block 1 funds alice; block 2 holds a shield of two notes and two withdrawals. */
async function setUp(followed = 2) {
  const fixture = new ChainFixture();
  const message = fixture.message(alice, funds);
  const by = { sender: alice, payer: alice };
  const withdraw = (amount: bigint) => fixture.tx({ kind: CallKind.WITHDRAW, target: Field(0xbeef), amount }, by);
  const txs = [fixture.deposit(message, { recipient: alice, amount: funds })];
  fixture.mine(txs);
  txs.push(fixture.tx({ kind: CallKind.SHIELD, amount: 5n }, { ...by, notes: 2 }), withdraw(4n), withdraw(6n));
  const second: BuiltBlock = fixture.mine(txs.slice(1));
  const deployment = chainDeployment(fixture);
  const clock = new ManualClock(1000 * slotStart(deployment.parameters, second.block.header.slot));
  const l1Time = new FakeL1Time(clock);
  const chain = new FakeChain(fixture);
  await chain.append(...fixture.blocks.slice(1, followed + 1));
  const source = new FakeTxSource();
  const executed = new Map<number, BuiltBlock>();
  const attested = new Map<number, Field>();
  const dropped = new Map<Field, string>();
  const addresses = fakeAddresses(4);
  const committees = new EpochCommittees(
    { source: { validatorsAt: async () => addresses, seedOf: async (epoch: Epoch) => seedOf(epoch, 5n) } },
    { committeeSize: 4, epochDuration: 4 },
  );
  const proposals = {
    executed: (slot: Slot) => {
      const built = executed.get(slot);
      if (built === undefined) return [];
      const { header, archive } = built.block;
      const txHashes = built.txs.map(tx => tx.hash);
      return [{ built, proposal: { header, archive, txHashes, signature: new Uint8Array(64) } }];
    },
    keep: () => {},
  };
  const attestations = { attestationsOf: () => new Map(), attestedHeader: (slot: Slot) => attested.get(slot) };
  const network = { enr: () => "enr:-abc", peers: () => [] };
  const service = new NodeService(
    {
      blocks: chain,
      txs: source,
      proposals,
      attestations,
      droppedCode: hash => dropped.get(hash),
      views: chain,
      committees,
      network,
      clock,
      l1Time,
    },
    { version: "0.1.0", roles: ["node"], deployment },
  );
  return {
    fixture,
    service,
    chain,
    source,
    executed,
    attested,
    dropped,
    clock,
    l1Time,
    second,
    txs,
    message,
    deployment,
    committees,
  };
}

describe("receipts", () => {
  it("a transaction's stages in order, each as soon as it is reached", async () => {
    const { service, chain, source, executed, attested, second, txs } = await setUp(1);
    const tx = txs[1] as Tx;
    const stage = async () => (await service.getTxReceipt(tx.hash)).stage;
    const stages = [await stage()];
    await source.add(tx);
    stages.push(await stage());
    executed.set(4, second);
    stages.push(await stage());
    attested.set(4, second.block.headerHash);
    stages.push(await stage());
    await chain.append(second.block);
    stages.push(await stage());
    await chain.prove(2);
    stages.push(await stage());
    await chain.finalize(2);
    stages.push(await stage());
    expect(stages).to.deep.equal(["unknown", "submitted", "proposed", "attested", "pending", "proven", "finalized"]);
  });

  it("says where it is, what it paid, whether it reverted", async () => {
    const { service, fixture, chain } = await setUp();
    const poor = fixture.tx({ kind: CallKind.TRANSFER, target: bob, amount: 1n }, { sender: bob, payer: alice });
    const { block, executions } = fixture.mine([poor]);
    await chain.follow();
    expect(await service.getTxReceipt(poor.hash)).to.deep.equal({
      txHash: poor.hash,
      stage: "pending",
      block: { number: 3, hash: block.headerHash, index: 0 },
      fee: executions[0]!.effect.fee,
      reverted: true,
    });
  });

  it("only its own block counts: none without it, none of an older slot, no votes for another header", async () => {
    const { service, source, executed, attested, second, txs, clock, fixture, deployment } = await setUp(1);
    const [, tx] = txs as [Tx, Tx];
    await source.add(tx);
    const stage = async () => (await service.getTxReceipt(tx.hash)).stage;
    executed.set(4, { ...second, txs: [] });
    attested.set(4, second.block.headerHash);
    expect(await stage()).to.equal("submitted");
    executed.set(4, second);
    attested.set(4, fixture.blocks[1]!.headerHash);
    expect(await stage()).to.equal("proposed");
    const to = (slot: number) => clock.advance(1000 * slotStart(deployment.parameters, Slot(slot)) - clock.nowMs());
    await to(5);
    expect(await stage()).to.equal("proposed");
    await to(6);
    expect(await stage()).to.equal("submitted");
  });

  it("INV-10: after a reorg it is submitted again, or dropped with the reason", async () => {
    const { service, chain, source, dropped, txs } = await setUp();
    const [, kept, gone] = txs as [Tx, Tx, Tx];
    await source.add(kept);
    dropped.set(gone.hash, "TX_POOL_EVICTED");
    await chain.remove(1);
    expect((await service.getTxReceipt(kept.hash)).stage).to.equal("submitted");
    expect(await service.getTxReceipt(gone.hash)).to.deep.equal({
      txHash: gone.hash,
      stage: "dropped",
      code: "TX_POOL_EVICTED",
    });
  });

  it("INV-10: is dropped with the reason, though the pool has it still for proposals that may hold it", async () => {
    const { service, chain, source, dropped, txs } = await setUp();
    const [, gone] = txs as [Tx, Tx, Tx];
    await source.add(gone);
    await chain.remove(1);
    dropped.set(gone.hash, "TX_EXPIRED");
    expect(await service.getTxReceipt(gone.hash)).to.include({ stage: "dropped", code: "TX_EXPIRED" });
  });
});

describe("witnesses", () => {
  const climb = (leaf: Field, witness: { readonly index: bigint; readonly path: readonly Field[] }) =>
    fieldFromBytes(rootFromPath(jsFieldHasher, fieldToBytes(leaf), Number(witness.index), packFields(witness.path)));

  it("of a note hash lead to the root of the block asked for", async () => {
    const { service, chain, fixture, second } = await setUp();
    fixture.mine([fixture.tx({ kind: CallKind.SHIELD, amount: 5n }, { sender: alice, payer: alice, notes: 1 })]);
    await chain.follow();
    for (const at of [2, 3]) {
      for (const which of [0, 1] as const) {
        const leaf = second.block.effects[0]!.noteHashes[which];
        // Two note hashes a transaction, block 1's deposit before them.
        const witness = await service.getNoteHashWitness(BigInt(2 + which), BlockNumber(at));
        expect(witness).to.deep.include({
          block: at,
          index: BigInt(2 + which),
          root: chain.at(BlockNumber(at)).reference().noteHashes.root,
        });
        expect(climb(leaf, witness)).to.equal(witness.root);
      }
    }
  });

  it("NODE_UNKNOWN_LEAF for one that the block does not have yet", async () => {
    const { service } = await setUp();
    expect(await codeOfFailure(service.getNoteHashWitness(2n, BlockNumber(1)))).to.equal(
      NodeServiceErrorCode.UNKNOWN_LEAF,
    );
    expect(await codeOfFailure(service.getNoteHashWitness(8n, BlockNumber(2)))).to.equal(
      NodeServiceErrorCode.UNKNOWN_LEAF,
    );
    expect(await codeOfFailure(service.getNoteHashWitness(-1n, BlockNumber(2)))).to.equal(
      NodeServiceErrorCode.UNKNOWN_LEAF,
    );
  });

  it("of an L1→L2 message lead to the pending tip's root; null while it is in no block", async () => {
    const { service, chain, fixture, message } = await setUp();
    const waiting = fixture.message(bob, 7n);
    const witness = await service.getMessageWitness(message.hash);
    expect(witness).to.deep.include({ block: 2, index: 0n, root: chain.latest().reference().messages.root });
    expect(climb(message.hash, witness!)).to.equal(witness!.root);
    expect(await service.getMessageWitness(waiting.hash)).to.equal(null);
    expect(await service.getMessageWitness(Field(9))).to.equal(null);
    fixture.mine([]);
    await chain.follow();
    const later = await service.getMessageWitness(waiting.hash);
    expect(later?.index).to.equal(32n);
    expect(climb(waiting.hash, later!)).to.equal(chain.latest().reference().messages.root);
  });

  it("of a withdrawal lead to its block's outHash, and say whether it can be consumed (MSG-2)", async () => {
    const { service, chain, second, txs } = await setUp();
    for (const [index, effect] of second.block.effects.entries()) {
      const witness = await service.getL2ToL1MessageWitness(txs[index + 1]!.hash);
      if (index === 0) {
        expect(witness, "a shield withdraws nothing").to.equal(null);
        continue;
      }
      expect(witness).to.deep.include({ block: 2, proven: false });
      expect(rootFromLeftFilledPath(effect.l2ToL1Message, witness!, outHashParent)).to.equal(
        second.block.header.outHash,
      );
    }
    await chain.prove(2);
    expect((await service.getL2ToL1MessageWitness(txs[2]!.hash))?.proven).to.equal(true);
    expect(await service.getL2ToL1MessageWitness(Field(4))).to.equal(null);
    // A reorg between two looks: the answer is never another block's path.
    const { block } = chain;
    chain.block = async number => block.call(chain, BlockNumber(number - 1));
    expect(await service.getL2ToL1MessageWitness(txs[2]!.hash)).to.equal(null);
  });
});

describe("the rest of the node's answers", () => {
  it("blocks by number and by tip, in ranges that end at the tip", async () => {
    const { service, chain, fixture } = await setUp();
    await chain.prove(1);
    expect(await service.getBlock("pending")).to.deep.equal(fixture.blocks[2]);
    expect(await service.getBlock("proven")).to.deep.equal(fixture.blocks[1]);
    expect((await service.getBlock("finalized"))?.header.number).to.equal(0);
    expect((await service.getBlock(BlockNumber(0)))?.header).to.deep.equal(fixture.blocks[0]!.header);
    expect(await service.getBlock(BlockNumber(3))).to.equal(null);
    expect((await service.getBlocks(BlockNumber(1), 100)).map(({ header }) => header.number)).to.deep.equal([1, 2]);
    expect((await service.getBlocks(BlockNumber(0), 2)).map(({ header }) => header.number)).to.deep.equal([0, 1]);
    expect(await service.getBlocks(BlockNumber(9), 5)).to.deep.equal([]);
    expect(await service.getChainTips()).to.deep.equal(chain.tips());
  });

  it("no more blocks than a thousand transactions fill, but one at least: an answer is bounded", async () => {
    const { service, chain, fixture } = await setUp();
    const effect = fixture.blocks[1]!.effects[0]!;
    let read = 0;
    const of = (txs: number) => async (number: BlockNumber) => {
      read++;
      const { header, ...block } = fixture.blocks[1]!;
      const follows = { number, lastArchive: block.archive };
      return { ...block, header: { ...header, ...follows }, effects: Array.from({ length: txs }, () => effect) };
    };
    for (const [txs, blocks] of [
      [0, 100],
      [10, 100],
      [155, 6],
      [1_000, 1],
      [1_001, 1],
    ] as const) {
      read = 0;
      chain.block = of(txs);
      expect((await service.getBlocks(BlockNumber(1), 100)).length, `${txs} transactions each`).to.equal(blocks);
      expect(read).to.be.at.most(blocks + 1);
    }
  });

  it("NODE_TOO_MANY: limits of what can be asked for", async () => {
    const { service } = await setUp();
    for (const limit of [0, -1, 101, 1.5, Number.NaN])
      expect(await codeOfFailure(service.getBlocks(BlockNumber(0), limit))).to.equal(NodeServiceErrorCode.TOO_MANY);
    for (const limit of [0, -1, 1001, 0.5])
      expect(await codeOfFailure(service.getPendingTxs(limit))).to.equal(NodeServiceErrorCode.TOO_MANY);
    expect(await codeOfFailure(service.getBlocks(BlockNumber(0), 100))).to.equal("none");
    expect(await codeOfFailure(service.getPendingTxs(1000))).to.equal("none");
  });

  it("sends transactions; a refusal keeps the pool's code", async () => {
    const { service, source, fixture } = await setUp();
    const tx = fixture.tx({ kind: CallKind.NONE }, { notes: 1 });
    expect(await service.sendTx(tx)).to.equal(tx.hash);
    expect(await service.getTx(tx.hash)).to.equal(tx);
    expect(await service.getTx(Field(1))).to.equal(null);
    expect(await service.getPendingTxs(10)).to.deep.equal([tx.hash]);
    source.add = async (): Promise<Admission> => ({ accepted: false, code: "TX_EXPIRED", reason: "its slot is over" });
    expect(await codeOfFailure(service.sendTx(tx))).to.equal("TX_EXPIRED");
  });

  it("balances, base fees, slot, committee, proposer, what the network is", async () => {
    const { service, chain, deployment, clock, committees } = await setUp();
    expect(await service.getPublicBalance(alice)).to.equal(chain.latest().publicBalance(alice));
    expect(await service.getPublicBalance(bob)).to.equal(0n);
    const { header } = chain.tip;
    expect(await service.getBaseFees()).to.deep.equal(
      nextBaseFees(header.baseFees, { l2: header.totalL2Gas, da: header.totalDaGas }, deployment.parameters.gasTarget),
    );
    expect(await service.getCurrentSlot()).to.equal(4);
    const epoch = 1 as Epoch;
    expect(await service.getCommittee(epoch)).to.deep.equal(await committees.committeeAt(epoch));
    expect(await service.getProposer(Slot(5))).to.equal(await committees.proposerAt(Slot(5)));
    expect(await service.getNodeInfo()).to.deep.include({
      version: "0.1.0",
      network: "fake",
      l1ChainId: 31337n,
      enr: "enr:-abc",
      roles: ["node"],
      proofMode: "simulated",
      deployment,
    });
    expect(await service.getL1ContractAddresses()).to.equal(deployment.contracts);
    expect(await service.getEncodedEnr()).to.equal("enr:-abc");
    expect(await service.getPeers()).to.deep.equal([]);
    clock.jump(-100_000);
    expect(await service.getCurrentSlot(), "before genesis").to.equal(0);
  });

  it("the slot is not before L1's head, however far this machine's clock is behind", async () => {
    const { service, clock, l1Time } = await setUp();
    clock.jump(-16_000);
    expect(await service.getCurrentSlot(), "both").to.equal(2);
    l1Time.aheadSeconds = -16;
    expect(await service.getCurrentSlot(), "this clock alone").to.equal(4);
    clock.jump(-32_000);
    l1Time.aheadSeconds -= 32;
    expect(await service.getCurrentSlot(), "before genesis by this clock").to.equal(4);
    clock.jump(56_000);
    l1Time.aheadSeconds = 8;
    expect(await service.getCurrentSlot(), "L1 has no newer block").to.equal(5);
  });

  it("committees of epochs that cannot be fixed are refused, without asking L1", async () => {
    const { service, committees } = await setUp();
    let asked = 0;
    committees.committeeAt = async () => {
      asked++;
      return [];
    };
    // Slot 4 of epochs of four: epoch 3 can be fixed, epoch 4 cannot (SEED-1).
    expect(await service.getCommittee(3 as Epoch)).to.deep.equal([]);
    for (const query of [service.getCommittee(4 as Epoch), service.getProposer(Slot(16))])
      expect(
        await query.then(
          () => "answered",
          (error: { readonly code?: string }) => error.code,
        ),
      ).to.equal("CONSENSUS_EPOCH_NOT_FIXED");
    expect(asked).to.equal(1);
  });

  it("LIMIT-33: one query for a committee is at work, 64 wait, and one more is refused at once", async () => {
    const { service, committees } = await setUp();
    const held = Promise.withResolvers<readonly []>();
    let asked = 0;
    committees.committeeAt = () => (asked++, held.promise);
    const query = () =>
      service.getCommittee(3 as Epoch).then(
        () => "answered",
        (error: { readonly code?: string }) => error.code,
      );
    const waiting = Array.from({ length: 65 }, query);
    let refused: string | undefined;
    void query().then(outcome => (refused = outcome));
    await new Promise(resolve => setImmediate(resolve));
    expect([asked, refused]).to.deep.equal([1, "RUNTIME_QUEUE_FULL"]);
    held.resolve([]);
    expect(await Promise.all(waiting)).to.deep.equal(waiting.map(() => "answered"));
  });
});
