import { type EthAddress, Field, Slot } from "@sprtn/primitives";
import { CallKind, type Tx } from "@sprtn/protocol";
import type { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { FakeChain, FakeTxSource, MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { build } from "./propose-block.js";
import { SlotNetwork } from "./test/slot-network.js";

const [alice, broke, proposer] = [Field(101), Field(102), Field(999)];
const MANY = 5_000;

/** So many transactions that no block can hold, out of one. */
const copies = (tx: Tx, count: number): Tx[] =>
  Array.from({ length: count }, (_, i) => ({ ...tx, hash: Field((tx.hash >> 20n) + BigInt(i)) }));

/** A chain on which alice is funded, whose next proposer's clock passes a millisecond at each look. */
function start({ deadlineMs = 10 * MANY, alsoFund = 0n } = {}) {
  const { fixture, deployment, addresses } = new SlotNetwork();
  const fund = (to: Field, amount: bigint) =>
    fixture.deposit(fixture.message(to, amount), { recipient: to, amount, payer: alice });
  const funding = [fund(alice, 10n ** 15n), ...(alsoFund > 0n ? [fund(proposer, alsoFund)] : [])];
  expect(fixture.mine(funding).excluded).to.deep.equal([]);
  const propose = async (txs: readonly Tx[]) => {
    const chain = new FakeChain(fixture);
    await chain.append(fixture.tip);
    const [source, logger] = [new FakeTxSource(txs), new MemoryLogger()];
    let nowMs = 0;
    const clock = { nowMs: () => nowMs++, steadyMs: () => nowMs, schedule: () => () => {} };
    const built = await build(
      { blocks: chain, forks: chain, txs: source, clock, logger },
      { deployment, coinbase: addresses[0] as EthAddress, feeRecipient: proposer, maxTxs: 3 },
      {
        slot: Slot(5),
        parent: {
          header: fixture.tip.header,
          fork: chain.forkAt(fixture.tip.header.number),
          unpublishedParent: undefined,
        },
        deadlines: { buildMs: deadlineMs, collectMs: deadlineMs },
      },
    );
    return { built, source, logger };
  };
  return { fixture, propose };
}

const transfer = (fixture: ChainFixture, payer: Field, options: Parameters<ChainFixture["tx"]>[1] = {}) =>
  fixture.tx(
    { kind: CallKind.TRANSFER, target: broke, amount: 1n },
    { sender: payer, payer, priority: 1n, ...options },
  );

describe("building a block", () => {
  it("INV-9: looks past thousands that outbid an honest transaction and cannot be in, and tells the pool", async () => {
    const { fixture, propose } = start();
    const poison = [
      ...copies(transfer(fixture, broke, { priority: 100n }), MANY),
      ...copies(transfer(fixture, alice, { expiration: 1 }), MANY),
      ...copies(transfer(fixture, alice, { anchor: Field(7) }), MANY),
    ];
    const honest = transfer(fixture, alice);
    const { built, source } = await propose([...poison, honest]);
    expect(built.txs.map(tx => tx.hash)).to.deep.equal([honest.hash]);
    expect(source.leftOut.length).to.equal(3 * MANY);
  });

  it("tries as many as its time allows", async () => {
    for (const [before, included] of [
      [400, 1],
      [600, 0],
    ] as const) {
      const { fixture, propose } = start({ deadlineMs: 500 });
      const { built } = await propose([...copies(transfer(fixture, broke), before), transfer(fixture, alice)]);
      expect(built.txs.length).to.equal(included);
      expect(built.excluded.length).to.be.within(Math.min(before, 490), 500);
    }
  });

  it("TX-3: a fee recipient that can take no more keeps nothing out: tips go to nobody, with a warning", async () => {
    const full = start({ alsoFund: 2n ** 128n - 10n });
    const { built, logger } = await full.propose([transfer(full.fixture, alice)]);
    expect(built.txs.length).to.equal(1);
    expect(built.block.header.feeRecipient).to.not.equal(proposer);
    expect(logger.lines("warn").length).to.equal(1);
    const usual = start({ alsoFund: 2n ** 120n });
    const other = await usual.propose([transfer(usual.fixture, alice)]);
    expect(other.built.block.header.feeRecipient).to.equal(proposer);
    expect(other.logger.lines("warn")).to.deep.equal([]);
  });
});
