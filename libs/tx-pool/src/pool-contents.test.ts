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
});
