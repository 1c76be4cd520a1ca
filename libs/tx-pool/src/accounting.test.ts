import { Field, jsFieldHasher, Slot } from "@sprtn/primitives";
import type { KvStore } from "@sprtn/ports";
import type { Tx } from "@sprtn/protocol";
import { Exclusion, ExclusionCode } from "@sprtn/state-transition";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { buildTx, defaults, DUE, PoolFixture } from "./pool-fixture.test.js";
import { TxRefusalCode } from "./refusal.js";
import { KEPT_DROPS, TxJournal } from "./tx-journal.js";

const payer = Field(77n);

/** Each way in which an acknowledged transaction leaves the pool: the one that leaves, and with what code. */
const departures: readonly { readonly code: TxRefusalCode; readonly leave: (fixture: PoolFixture) => Promise<Tx> }[] = [
  {
    code: TxRefusalCode.EXPIRED,
    leave: async fixture => {
      const tx = buildTx({ expirationSlot: Slot(1) });
      await fixture.add(tx);
      await fixture.clock.advance(30_000);
      return tx;
    },
  },
  {
    code: TxRefusalCode.REPLACED,
    leave: async fixture => {
      const tx = buildTx();
      await fixture.add(tx);
      await fixture.add(buildTx({ nullifiers: tx.inputs.nullifiers, tip: 50n }));
      return tx;
    },
  },
  {
    code: TxRefusalCode.DISPLACED,
    leave: async fixture => {
      const tx = buildTx();
      await fixture.add(tx);
      for (let i = 0; i < 3; i++) await fixture.add(buildTx({ tip: 50n }));
      return tx;
    },
  },
  {
    code: TxRefusalCode.NULLIFIER_USED,
    leave: async fixture => {
      const tx = buildTx();
      await fixture.add(tx);
      await fixture.chain.add([buildTx({ nullifiers: tx.inputs.nullifiers })]);
      return tx;
    },
  },
  {
    code: TxRefusalCode.FEE_UNPAYABLE,
    leave: async fixture => {
      fixture.chain.balances.set(payer, DUE);
      const tx = buildTx({ feePayer: payer });
      await fixture.add(tx);
      fixture.chain.balances.set(payer, 0n);
      await fixture.chain.add([]);
      return tx;
    },
  },
  {
    code: TxRefusalCode.UNKNOWN_ANCHOR,
    leave: async fixture => {
      await fixture.chain.add([]);
      const root = Field(555n);
      fixture.chain.roots.set(root, fixture.chain.tip.header.number);
      const tx = buildTx({ anchorNoteHashRoot: root });
      await fixture.add(tx);
      await fixture.chain.remove(1);
      await fixture.clock.advance(90_000);
      return tx;
    },
  },
];

describe("INV-10: an acknowledged transaction is accounted for after any restart", () => {
  for (const { code, leave } of departures) {
    it(`tells that it left with ${code}`, async () => {
      const fixture = await PoolFixture.start({ maxTxs: 3 });
      const { hash } = await leave(fixture);
      const dropped = { stage: "dropped", code };
      expect(fixture.pool.stageOf(hash)).to.deep.equal(dropped);
      for (const again of ["restart", "kill", "kill"] as const) {
        await fixture[again]();
        expect(fixture.pool.stageOf(hash), again).to.deep.equal(dropped);
      }
    });
  }

  it("one that left while the node was down is dropped with a code at each later start", async () => {
    const fixture = await PoolFixture.start();
    const tx = buildTx({ expirationSlot: Slot(1) });
    await fixture.add(tx);
    await fixture.pool.stop();
    fixture.clock.advanceSync(30_000);
    for (let start = 0; start < 3; start++) {
      await fixture.restart();
      expect(fixture.pool.stageOf(tx.hash)).to.deep.equal({ stage: "dropped", code: TxRefusalCode.EXPIRED });
    }
  });

  it("none leaves because this machine's clock jumped ahead of L1, and a builder's with it", async () => {
    const fixture = await PoolFixture.start();
    const tx = buildTx({ expirationSlot: Slot(100) });
    await fixture.add(tx);
    fixture.clock.jump(86_400_000);
    fixture.l1Time.aheadSeconds = 86_400;
    await fixture.clock.advance(30_000);
    const reason = new Exclusion(ExclusionCode.EXPIRED, "it expired before the slot that is built for", {});
    fixture.pool.reportLeftOut([{ tx, reason }]);
    fixture.clock.jump(-86_400_000);
    fixture.l1Time.aheadSeconds = 0;
    expect(fixture.hashes()).to.deep.equal([tx.hash]);
  });

  it("one that has expired by L1's blocks is refused, even while this machine's clock is behind", async () => {
    const fixture = await PoolFixture.start();
    fixture.clock.jump(86_400_000);
    const slot = 86_400 / defaults.parameters.slotDuration;
    const good = buildTx({ expirationSlot: Slot(slot + 100) });
    const bad = buildTx({ expirationSlot: Slot(slot - 100) });
    fixture.clock.jump(-3_600_000);
    fixture.l1Time.aheadSeconds = -3_600;
    expect(await fixture.add(good)).to.equal("accepted");
    expect(await fixture.add(bad)).to.equal(TxRefusalCode.EXPIRED);
    await fixture.clock.advance(30_000);
    expect(fixture.hashes()).to.deep.equal([good.hash]);
    fixture.clock.jump(3_600_000);
    fixture.l1Time.aheadSeconds = 0;
    await fixture.clock.advance(30_000);
    expect(fixture.hashes()).to.deep.equal([good.hash]);
  });

  it("one that comes back is dropped no more, and may be dropped again", async () => {
    const fixture = await PoolFixture.start();
    const tx = buildTx();
    const rival = buildTx({ nullifiers: tx.inputs.nullifiers, tip: 50n });
    await fixture.add(tx);
    await fixture.add(rival);
    await fixture.chain.add([buildTx({ nullifiers: tx.inputs.nullifiers })]);
    await fixture.chain.remove(1);
    expect(await fixture.add(tx)).to.equal("accepted");
    await fixture.kill();
    expect(fixture.hashes()).to.deep.equal([tx.hash]);
    expect(fixture.pool.stageOf(rival.hash)).to.include({ stage: "dropped" });
  });

  it("is offered to the network again until a peer hears it", async () => {
    const fixture = await PoolFixture.start();
    fixture.gossip.listeners = 0;
    const tx = buildTx();
    await fixture.add(tx);
    await fixture.clock.advance(10_000);
    expect(fixture.pool.stageOf(tx.hash), "nobody has heard it").to.deep.equal({ stage: "executed" });
    fixture.gossip.listeners = 2;
    await fixture.clock.advance(10_000);
    expect(fixture.pool.stageOf(tx.hash)).to.deep.equal({ stage: "submitted" });
    const sent = fixture.gossip.published.length;
    await fixture.clock.advance(10_000);
    expect(fixture.gossip.published.length).to.equal(sent);
  });

  it("what a transaction replaced is back if that one could not be stored", async () => {
    const fixture = await PoolFixture.start();
    const tx = buildTx();
    const rival = buildTx({ nullifiers: tx.inputs.nullifiers, tip: 50n });
    await fixture.add(tx);
    fixture.store.fails = true;
    expect(await fixture.add(rival)).to.equal(TxRefusalCode.STORE_FAILED);
    fixture.store.fails = false;
    await fixture.clock.advance(10_000);
    expect(fixture.hashes()).to.deep.equal([tx.hash]);
    await fixture.kill();
    expect(fixture.hashes()).to.deep.equal([tx.hash]);
    expect(fixture.pool.stageOf(rival.hash)).to.deep.equal({ stage: "dropped", code: TxRefusalCode.STORE_FAILED });
  });

  it("comes back from a removed block though its record is still being written", async () => {
    const fixture = await PoolFixture.start();
    const tx = buildTx();
    const [written, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const write = fixture.store.write.bind(fixture.store);
    fixture.store.write = async operations => {
      written.resolve();
      await held.promise;
      return write(operations);
    };
    const adding = fixture.add(tx);
    await written.promise;
    await fixture.chain.add([tx]);
    await fixture.chain.remove(1);
    held.resolve();
    expect(await adding).to.equal("accepted");
    await fixture.clock.advance(10_000);
    expect(fixture.hashes()).to.deep.equal([tx.hash]);
  });

  it("keeps the reasons of the last ones that left", async () => {
    const fixture = await PoolFixture.start();
    await fixture.pool.stop();
    const settings = { keptDrops: 3 };
    let journal = new TxJournal(fixture, settings);
    await journal.open();
    for (let hash = 1n; hash <= 5n; hash++) journal.forget([Field(hash)], `CODE_${hash}`);
    journal.forget([Field(4n)], "AGAIN");
    await journal.settled();
    for (let opening = 0; opening < 2; opening++) {
      const codes = [1n, 2n, 3n, 4n, 5n].map(hash => journal.droppedCode(Field(hash)));
      expect(codes).to.deep.equal([undefined, undefined, undefined, "AGAIN", "CODE_5"]);
      journal = new TxJournal(fixture, settings);
      await journal.open();
    }
    journal.forget([Field(6n)], "CODE_6");
    journal.forget([Field(7n)], "CODE_7");
    await journal.settled();
    expect(journal.droppedCode(Field(5n))).to.equal(undefined);
    expect(journal.droppedCode(Field(4n))).to.equal("AGAIN");
    expect(fixture.store.records.size).to.equal(6);
  });

  it("LIMIT-32: 100,000 of them; with one more the oldest goes", async () => {
    // What a slow disk has not taken yet is in memory.
    const store = { get: () => undefined, write: () => new Promise<void>(() => {}) } as unknown as KvStore;
    const logger = new MemoryLogger();
    const journal = new TxJournal({ store, hasher: jsFieldHasher, logger }, { keptDrops: KEPT_DROPS });
    journal.forget(
      Array.from({ length: 100_000 }, (_, n) => Field(BigInt(n + 1))),
      "TX_DISPLACED",
    );
    const codes = () => [1n, 2n].map(hash => journal.droppedCode(Field(hash)));
    expect(codes()).to.deep.equal(["TX_DISPLACED", "TX_DISPLACED"]);
    journal.forget([Field(100_001n)], "TX_DISPLACED");
    expect(codes()).to.deep.equal([undefined, "TX_DISPLACED"]);
  });
});
