import { BlockNumber, Field, Slot } from "@sprtn/primitives";
import { CallKind, constants, MAX_TX_BYTES } from "@sprtn/protocol";
import { expect } from "chai";
import { buildTx, DUE, PoolFixture } from "../pool-fixture.test.js";
import { TxRefusalCode } from "../refusal.js";

const payer = Field(77n);

describe("eviction and the chain", () => {
  let fixture: PoolFixture;
  beforeEach(async () => {
    fixture = await PoolFixture.start();
  });
  const droppedWith = (hash: Field) => {
    const stage = fixture.pool.stageOf(hash);
    return stage?.stage === "dropped" ? stage.code : stage?.stage;
  };

  it("expired ones go with the slot, without any block", async () => {
    const tx = buildTx({ expirationSlot: Slot(1) });
    await fixture.add(tx);
    await fixture.clock.advance(15_000);
    expect(fixture.pool.pendingCount()).to.equal(1);
    await fixture.clock.advance(10_000);
    expect(fixture.pool.pendingCount()).to.equal(0);
    expect(droppedWith(tx.hash)).to.equal(TxRefusalCode.EXPIRED);
    await fixture.pool.stop();
    expect(fixture.storedCount()).to.equal(0);
  });

  it("mined ones leave, are kept until final, then deleted (PEND-8)", async () => {
    const tx = buildTx();
    await fixture.add(tx);
    await fixture.chain.add([tx]);
    expect(fixture.pool.pendingCount()).to.equal(0);
    expect(await fixture.pool.get(tx.hash)).to.deep.equal(tx);
    expect(fixture.pool.stageOf(tx.hash)).to.equal(undefined);
    await fixture.chain.finalize(1);
    expect(await fixture.pool.get(tx.hash)).to.equal(undefined);
    await fixture.pool.stop();
    expect(fixture.storedCount()).to.equal(0);
  });

  it("one that is replaced after it was proposed is kept with its proof once its block comes (PEND-8)", async () => {
    const tx = buildTx();
    await fixture.add(tx);
    const replacement = buildTx({ tip: 90n, nullifiers: tx.inputs.nullifiers });
    await fixture.add(replacement);
    expect(droppedWith(tx.hash)).to.equal(TxRefusalCode.REPLACED);
    // Peers that do not have it yet can still request it.
    expect(await fixture.pool.get(tx.hash)).to.equal(tx);
    await fixture.chain.add([tx]);
    expect(fixture.pool.pendingCount()).to.equal(0);
    await fixture.restart();
    expect(await fixture.pool.get(tx.hash)).to.deep.equal(tx);
    expect(await fixture.pool.get(replacement.hash)).to.equal(undefined);
  });

  it("those whose nullifier a block uses go", async () => {
    const [tx, other] = [buildTx(), buildTx()];
    await fixture.add(tx);
    await fixture.add(other);
    await fixture.chain.add([buildTx({ nullifiers: [Field(3n), tx.inputs.nullifiers[1]] })]);
    expect(fixture.hashes()).to.deep.equal([other.hash]);
    expect(droppedWith(tx.hash)).to.equal(TxRefusalCode.NULLIFIER_USED);
  });

  it("the lowest ones of a payer whose balance sank go", async () => {
    fixture.chain.balances.set(payer, 3n * DUE);
    const [low, high, middle] = [
      buildTx({ feePayer: payer, tip: 1n }),
      buildTx({ feePayer: payer, tip: 9n }),
      buildTx({ feePayer: payer, tip: 5n }),
    ];
    for (const tx of [low, high, middle]) await fixture.add(tx);
    fixture.chain.balances.set(payer, 2n * DUE - 1n);
    await fixture.chain.add([]);
    expect(fixture.hashes()).to.deep.equal([high.hash]);
    expect(droppedWith(middle.hash)).to.equal(TxRefusalCode.FEE_UNPAYABLE);
  });

  it("a payer keeps the deposit that funds him", async () => {
    fixture.chain.sentMessages.set(Field(5n), 1n);
    const deposit = buildTx({
      feePayer: payer,
      tip: 1n,
      call: { kind: CallKind.DEPOSIT, target: payer, amount: 2n * DUE, message: Field(5n) },
    });
    fixture.chain.balances.set(payer, DUE);
    const others = [buildTx({ feePayer: payer, tip: 7n }), buildTx({ feePayer: payer, tip: 8n })];
    for (const tx of [deposit, ...others]) expect(await fixture.add(tx)).to.equal("accepted");
    fixture.chain.balances.set(payer, 0n);
    await fixture.chain.add([]);
    expect(fixture.hashes()).to.deep.equal([others[1]!.hash, deposit.hash]);
  });

  it("who loses his deposit to a replacement loses what it paid for", async () => {
    fixture.chain.sentMessages.set(Field(5n), 1n);
    const deposit = buildTx({
      feePayer: payer,
      call: { kind: CallKind.DEPOSIT, target: payer, amount: 2n * DUE, message: Field(5n) },
    });
    const funded = buildTx({ feePayer: payer });
    for (const tx of [deposit, funded]) expect(await fixture.add(tx)).to.equal("accepted");
    expect(await fixture.add(buildTx({ tip: 90n, nullifiers: deposit.inputs.nullifiers }))).to.equal("accepted");
    expect(droppedWith(funded.hash)).to.equal(TxRefusalCode.FEE_UNPAYABLE);
  });

  it("INV-10: what removed blocks held returns, with its proof and without being verified again", async () => {
    const txs = [buildTx({ tip: 2n }), buildTx({ tip: 1n })];
    for (const tx of txs) await fixture.add(tx);
    await fixture.chain.add([txs[1]!]);
    await fixture.chain.add([txs[0]!]);
    await fixture.chain.remove(2);
    expect(fixture.hashes()).to.deep.equal(txs.map(tx => tx.hash));
    expect(fixture.proofs.verified).to.equal(2);
    expect(fixture.storedCount()).to.equal(2);
  });

  it("INV-10: a return needs no room, even in a full pool", async () => {
    const small = await PoolFixture.start({ maxTxs: 1 });
    const [mined, pending] = [buildTx(), buildTx({ tip: 50n })];
    await small.add(mined);
    await small.chain.add([mined]);
    await small.add(pending);
    await small.chain.remove(1);
    expect(small.hashes()).to.deep.equal([pending.hash, mined.hash]);
    // A newcomer takes the lowest one's place; the pool does not grow.
    const newcomer = buildTx({ tip: 60n });
    expect(await small.add(newcomer)).to.equal("accepted");
    expect(small.hashes()).to.deep.equal([newcomer.hash, pending.hash]);
  });

  it("those whose anchor is gone wait for it, and go when it stays away", async () => {
    await fixture.chain.add([]);
    fixture.chain.roots.set(Field(2_000n), BlockNumber(1));
    const [tx, lost] = [
      buildTx({ anchorNoteHashRoot: Field(2_000n) }),
      buildTx({ anchorNoteHashRoot: Field(2_000n), expirationSlot: Slot(90) }),
    ];
    await fixture.add(tx);
    await fixture.add(lost);
    await fixture.chain.remove(1);
    expect(fixture.pool.pendingCount()).to.equal(0);
    expect(await fixture.pool.get(tx.hash)).to.equal(tx);
    fixture.chain.roots.set(Field(2_000n), BlockNumber(1));
    await fixture.chain.add([]);
    expect(fixture.pool.pendingCount()).to.equal(2);
    await fixture.chain.remove(1);
    await fixture.clock.advance(60_000);
    expect(droppedWith(lost.hash)).to.equal(TxRefusalCode.UNKNOWN_ANCHOR);
    await fixture.pool.stop();
    expect(fixture.storedCount()).to.equal(0);
  });

  it("what was mined twice is kept even if its anchor was away in between", async () => {
    await fixture.chain.add([]);
    fixture.chain.roots.set(Field(2_000n), BlockNumber(1));
    const tx = buildTx({ anchorNoteHashRoot: Field(2_000n) });
    await fixture.add(tx);
    await fixture.chain.add([tx]);
    await fixture.chain.remove(2);
    expect(fixture.pool.pendingCount()).to.equal(0);
    await fixture.chain.add([]);
    await fixture.chain.add([tx]);
    expect(await fixture.pool.get(tx.hash)).to.deep.equal(tx);
    await fixture.restart();
    expect(await fixture.pool.get(tx.hash)).to.deep.equal(tx);
  });

  it("deposits whose message an L1 reorg removed wait for it", async () => {
    fixture.chain.sentMessages.set(Field(5n), 1n);
    const deposit = buildTx({ call: { kind: CallKind.DEPOSIT, target: payer, amount: 1n, message: Field(5n) } });
    await fixture.add(deposit);
    await fixture.chain.add([]);
    fixture.chain.sentMessages.clear();
    await fixture.chain.remove(1);
    expect(fixture.pool.pendingCount()).to.equal(0);
    fixture.chain.sentMessages.set(Field(5n), 1n);
    await fixture.chain.add([]);
    expect(fixture.hashes()).to.deep.equal([deposit.hash]);
  });

  it("who was funded by a removed block waits for it", async () => {
    fixture.chain.balances.set(payer, DUE);
    const tx = buildTx({ feePayer: payer });
    await fixture.add(tx);
    await fixture.chain.add([]);
    fixture.chain.balances.set(payer, 0n);
    await fixture.chain.remove(1);
    expect(droppedWith(tx.hash)).to.equal("submitted");
    expect(fixture.pool.pendingCount()).to.equal(0);
    fixture.chain.balances.set(payer, DUE);
    await fixture.chain.add([]);
    expect(fixture.hashes()).to.deep.equal([tx.hash]);
  });

  describe("LIMIT-36: of what removed blocks held, as much waits as a pool holds", () => {
    const mine = async (settings: { maxTxs?: number; maxBytes?: number }, tips: readonly bigint[]) => {
      const small = await PoolFixture.start(settings);
      const txs = tips.map(tip => buildTx({ tip }));
      for (const tx of txs) {
        await small.add(tx);
        await small.chain.add([tx]);
      }
      // What waits is what a node has that is catching up.
      small.chain.isSynced = false;
      await small.chain.remove(txs.length);
      return { small, stages: txs.map(tx => small.pool.stageOf(tx.hash)) };
    };
    const waits = { stage: "submitted" };
    const gone = { stage: "dropped", code: TxRefusalCode.DISPLACED };

    it("that which pays least goes, and says so", async () => {
      expect((await mine({ maxTxs: 3 }, [3n, 1n, 2n])).stages).to.deep.equal([waits, waits, waits]);
      const { small, stages } = await mine({ maxTxs: 2 }, [3n, 1n, 2n]);
      expect(stages).to.deep.equal([waits, gone, waits]);
      small.chain.isSynced = true;
      await small.chain.add([]);
      expect(small.pool.pendingCount()).to.equal(2);
      expect(small.storedCount()).to.equal(2);
    });

    it("bytes are limited as well", async () => {
      const bytes = MAX_TX_BYTES - constants.MAX_PROOF_BYTES + constants.CLIENT_PROOF_BYTES;
      expect((await mine({ maxBytes: 3 * bytes }, [3n, 1n, 2n])).stages).to.deep.equal([waits, waits, waits]);
      expect((await mine({ maxBytes: 3 * bytes - 1 }, [3n, 1n, 2n])).stages).to.deep.equal([waits, gone, waits]);
    });
  });

  it("a removed block's transaction goes before one that took its note meanwhile", async () => {
    const tx = buildTx();
    await fixture.add(tx);
    await fixture.chain.add([tx]);
    const removed = fixture.chain.blocks.pop()!;
    // The state has followed already, the pool has not heard yet.
    const rival = buildTx({ tip: 99n, nullifiers: tx.inputs.nullifiers });
    expect(await fixture.add(rival)).to.equal("accepted");
    await fixture.chain.emit({
      type: "blocks-removed",
      tip: { number: BlockNumber(0), hash: fixture.chain.tip.headerHash },
      removed: [removed],
      cause: "prune",
    });
    expect(fixture.hashes()).to.deep.equal([tx.hash]);
  });

  it("LIMIT-15: a full pool takes who pays more and drops the lowest; who pays as little is refused", async () => {
    const small = await PoolFixture.start({ maxTxs: 2 });
    const [low, high] = [buildTx({ tip: 1n }), buildTx({ tip: 3n })];
    await small.add(low);
    await small.add(high);
    expect(await small.add(buildTx({ tip: 1n }))).to.equal(TxRefusalCode.POOL_FULL);
    const middle = buildTx({ tip: 2n });
    expect(await small.add(middle)).to.equal("accepted");
    expect(small.hashes()).to.deep.equal([high.hash, middle.hash]);
    expect(small.pool.stageOf(low.hash)).to.deep.equal({ stage: "dropped", code: TxRefusalCode.DISPLACED });
  });

  it("LIMIT-15: bytes are limited as well", async () => {
    const small = await PoolFixture.start({ maxBytes: 40_000 });
    for (const tip of [1n, 2n, 3n]) await small.add(buildTx({ tip }));
    expect(small.pool.pendingCount()).to.equal(2);
  });

  it("above their maximum fees transactions wait unseen, and are the first to go", async () => {
    const small = await PoolFixture.start({ maxTxs: 2 });
    const [cheap, dear] = [buildTx({ maxFee: 10n, tip: 9n }), buildTx({ tip: 0n })];
    await small.add(cheap);
    await small.add(dear);
    await small.chain.add([], { totalL2Gas: 2_000_000n });
    expect(small.hashes()).to.deep.equal([dear.hash]);
    await small.chain.add([]);
    expect(small.hashes()).to.have.members([cheap.hash, dear.hash]);
    await small.chain.add([], { totalL2Gas: 2_000_000n });
    await small.add(buildTx({ tip: 0n }));
    expect(small.pool.stageOf(cheap.hash)).to.deep.equal({ stage: "dropped", code: TxRefusalCode.DISPLACED });
  });

  it("a failure while following is told, and the next event is followed", async () => {
    const tx = buildTx();
    await fixture.add(tx);
    await fixture.chain.emit({
      type: "blocks-removed",
      tip: { number: BlockNumber(9), hash: Field(0n) },
      removed: [],
      cause: "reorg",
    });
    expect(fixture.logger.lines("error").map(({ fields }) => fields["code"])).to.deep.equal(["TX_POOL_BLOCK_MISSING"]);
    await fixture.chain.add([tx]);
    expect(fixture.pool.pendingCount()).to.equal(0);
  });
});
