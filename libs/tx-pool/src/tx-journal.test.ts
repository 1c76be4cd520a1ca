import type { KvRange } from "@sprtn/ports";
import { Field, Slot, toHex } from "@sprtn/primitives";
import { expect } from "chai";
import { FakeStore } from "./fake-ports.test.js";
import { buildTx, PoolFixture } from "./pool-fixture.test.js";
import { TxRefusalCode } from "./refusal.js";
import { encodeStoredTx, storedTxKey } from "./stored-tx.js";
import { TxJournal } from "./tx-journal.js";

describe("the pool's disk", () => {
  it("brings everything back after a restart, in order, without verifying proofs", async () => {
    const fixture = await PoolFixture.start();
    const txs = [buildTx(), buildTx(), buildTx({ tip: 9n })];
    for (const tx of txs) await fixture.add(tx);
    const before = fixture.hashes();
    await fixture.restart();
    expect(fixture.hashes()).to.deep.equal(before);
    expect(fixture.proofs.verified).to.equal(3);
    expect(await fixture.add(txs[0]!, "gossip")).to.equal(TxRefusalCode.KNOWN);
    // New arrivals come after stored ones.
    const late = buildTx();
    await fixture.add(late);
    expect(fixture.hashes().at(-1)).to.equal(late.hash);
  });

  it("checks the state again at the start", async () => {
    const fixture = await PoolFixture.start();
    const [expired, spent, good] = [buildTx({ expirationSlot: Slot(0) }), buildTx(), buildTx()];
    for (const tx of [expired, spent, good]) await fixture.add(tx);
    await fixture.pool.stop();
    fixture.clock.advanceSync(15_000);
    await fixture.chain.add([buildTx({ nullifiers: spent.inputs.nullifiers })]);
    await fixture.restart();
    expect(fixture.hashes()).to.deep.equal([good.hash]);
    await fixture.pool.stop();
    expect(fixture.storedCount()).to.equal(1);
  });

  it("knows what was mined while it was away, until it is final", async () => {
    const fixture = await PoolFixture.start();
    const [old, recent] = [buildTx(), buildTx()];
    for (const tx of [old, recent]) await fixture.add(tx);
    await fixture.pool.stop();
    await fixture.chain.add([old]);
    await fixture.chain.add([recent]);
    fixture.chain.finalizedNumber = 1;
    await fixture.restart();
    expect(fixture.pool.pendingCount()).to.equal(0);
    expect(await fixture.pool.get(recent.hash)).to.deep.equal(recent);
    await fixture.chain.remove(1);
    expect(fixture.hashes()).to.deep.equal([recent.hash]);
    await fixture.pool.stop();
    expect(fixture.storedCount()).to.equal(1);
  });

  it("is read one record at a time: blocks that are not final may hold more than the memory", async () => {
    const fixture = await PoolFixture.start();
    for (let count = 0; count < 3; count++) await fixture.add(buildTx());
    await fixture.pool.stop();
    const { store } = fixture;
    let read = 0;
    const counting = Object.assign(Object.create(store) as typeof store, {
      async *entries(range: KvRange) {
        for await (const record of store.entries(range)) {
          read++;
          yield record;
        }
      },
    });
    const journal = new TxJournal(
      { hasher: fixture.hasher, logger: fixture.logger, store: counting },
      { keptDrops: 1 },
    );
    const reading = journal.readAll();
    for (let count = 1; count <= 3; count++) {
      await reading.next();
      expect(read).to.equal(count);
    }
  });

  it("waits with everything until the node has caught up", async () => {
    const fixture = await PoolFixture.start();
    const tx = buildTx({ anchorNoteHashRoot: Field(1_000n) });
    await fixture.add(tx);
    fixture.chain.isSynced = false;
    fixture.chain.roots.clear();
    await fixture.restart();
    // However long that takes.
    await fixture.clock.advance(90_000);
    expect(fixture.pool.pendingCount()).to.equal(0);
    expect(await fixture.pool.get(tx.hash)).to.deep.equal(tx);
    fixture.chain.roots.set(Field(1_000n), fixture.chain.tip.header.number);
    fixture.chain.isSynced = true;
    await fixture.chain.add([]);
    expect(fixture.hashes()).to.deep.equal([tx.hash]);
  });

  it("skips torn and foreign records with a coded warning, and drops those of another network", async () => {
    const store = new FakeStore();
    const [good, torn, misplaced, foreign] = [buildTx(), buildTx(), buildTx(), buildTx({ chainId: 5n })];
    const put = (key: Uint8Array, value: Uint8Array) => store.records.set(toHex(key), [key, value]);
    put(storedTxKey(good.hash), encodeStoredTx({ tx: good, arrival: 1 }));
    put(storedTxKey(torn.hash), encodeStoredTx({ tx: torn, arrival: 2 }).slice(0, 5_000));
    const flipped = encodeStoredTx({ tx: torn, arrival: 2 });
    flipped[flipped.length - 1]! ^= 1;
    put(storedTxKey(Field(3n)), flipped);
    put(storedTxKey(Field(4n)), encodeStoredTx({ tx: misplaced, arrival: 3 }));
    put(Uint8Array.of(1), new Uint8Array(4));
    put(storedTxKey(foreign.hash), encodeStoredTx({ tx: foreign, arrival: 4 }));
    const fixture = await PoolFixture.start({}, store);
    expect(fixture.hashes()).to.deep.equal([good.hash]);
    const warnings = fixture.logger.lines("warn").map(({ fields }) => fields["code"]);
    expect(warnings.filter(code => code === "TX_POOL_BAD_RECORD").length).to.equal(4);
    expect(warnings.filter(code => code === TxRefusalCode.WRONG_CHAIN).length).to.equal(1);
  });

  it("writes what arrives together in few batches", async () => {
    const fixture = await PoolFixture.start();
    await Promise.all(Array.from({ length: 20 }, () => fixture.add(buildTx())));
    expect(fixture.storedCount()).to.equal(20);
    expect(fixture.store.writes).to.be.lessThan(5);
    await fixture.add(buildTx());
    expect(fixture.store.operations).to.equal(21);
  });

  it("a delete that fails is told", async () => {
    const fixture = await PoolFixture.start();
    const tx = buildTx();
    await fixture.add(tx);
    await fixture.chain.add([tx]);
    fixture.store.fails = true;
    await fixture.chain.finalize(1);
    await fixture.pool.stop();
    expect(fixture.logger.lines("warn").length).to.equal(1);
    fixture.store.fails = false;
    await fixture.kill();
    expect(fixture.pool.stageOf(tx.hash)?.stage, "judged anew").to.equal("dropped");
  });
});
