import { constants } from "@sprtn/protocol";
import { expect } from "chai";
import { FakeMeter } from "./fake-ports.test.js";
import { PoolContents } from "./pool-contents.js";
import { buildTx } from "./pool-fixture.test.js";
import type { TxJournal } from "./tx-journal.js";
import { createTxPoolMetrics } from "./tx-pool-metrics.js";

describe("transactions of proposals (LIMIT-17)", () => {
  it("an honest proposal's are not pushed out by the two fullest ones that another slot's proposer may send", () => {
    const contents = new PoolContents({ journal: {} as TxJournal, metrics: createTxPoolMetrics(new FakeMeter()) });
    const tx = buildTx();
    const add = (hash: bigint) => contents.addFetched({ ...tx, hash: hash as typeof tx.hash });
    const honest = Array.from({ length: constants.MAX_TXS_PER_BLOCK }, (_, n) => BigInt(n + 1));
    honest.forEach(add);
    for (let n = 0; n < 2 * constants.MAX_TXS_PER_BLOCK; n++) add(10_000n + BigInt(n));
    expect(honest.filter(hash => contents.find(hash as typeof tx.hash) === undefined)).to.deep.equal([]);
    for (let n = 0; n < 20 * constants.MAX_TXS_PER_BLOCK; n++) add(100_000n + BigInt(n));
    expect(honest.filter(hash => contents.find(hash as typeof tx.hash) !== undefined)).to.deep.equal([]);
  });

  it("are kept of 4,096: one more displaces the one that was used least recently", () => {
    const contents = new PoolContents({ journal: {} as TxJournal, metrics: createTxPoolMetrics(new FakeMeter()) });
    const tx = buildTx();
    const hashes = Array.from({ length: 4_097 }, (_, n) => BigInt(n + 1) as typeof tx.hash);
    for (const hash of hashes.slice(0, 4_096)) contents.addFetched({ ...tx, hash });
    // It is used now, so that the second is the one that goes.
    expect(contents.find(hashes[0]!)).to.not.equal(undefined);
    contents.addFetched({ ...tx, hash: hashes[4_096]! });
    const kept = [hashes[0]!, hashes[1]!, hashes[2]!].map(hash => contents.find(hash) !== undefined);
    expect(kept).to.deep.equal([true, false, true]);
  });

  it("nor is room without end for those that left the pool: the ones that left last are still there", () => {
    const journal = { forget: () => {} } as unknown as TxJournal;
    const contents = new PoolContents({ journal, metrics: createTxPoolMetrics(new FakeMeter()) });
    const tx = buildTx();
    const hashes = Array.from({ length: 10 * constants.MAX_TXS_PER_BLOCK }, (_, n) => BigInt(n + 1) as typeof tx.hash);
    for (const hash of hashes) contents.drop([{ tx: { ...tx, hash } }], "TX_DISPLACED");
    const kept = hashes.filter(hash => contents.find(hash) !== undefined);
    expect(kept).to.deep.equal(hashes.slice(-2 * constants.MAX_TXS_PER_BLOCK));
  });
});
