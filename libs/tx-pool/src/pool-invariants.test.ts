import { BlockNumber, Field, type Field as FieldType } from "@sprtn/primitives";
import { CallKind, gasOf, maxFeeOf, type Tx } from "@sprtn/protocol";
import { expect } from "chai";
import fc from "fast-check";
import { PendingTxs } from "./pending-txs.js";
import { createPoolEntry } from "./pool-entry.js";
import { buildTx, DUE, PoolFixture } from "./pool-fixture.test.js";
import { NOT_INCLUDABLE, outbids, scoreOf } from "./score-of.js";

const MAX_TXS = 6;
const payers = [Field(0n), Field(77n), Field(78n)];

type Step =
  | {
      readonly kind: "add";
      readonly tip: number;
      readonly payer: number;
      readonly deposit: boolean;
      readonly spends: number | undefined;
      readonly maxFee: number;
    }
  | { readonly kind: "mine"; readonly picks: readonly number[]; readonly full: boolean }
  | { readonly kind: "remove"; readonly count: number }
  | { readonly kind: "balance"; readonly payer: number; readonly dues: number }
  | { readonly kind: "wait" | "restart" | "kill" | "finalize" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("add" as const),
      tip: fc.nat(20),
      payer: fc.nat(2),
      deposit: fc.boolean(),
      spends: fc.option(fc.nat(8), { nil: undefined }),
      maxFee: fc.constantFrom(10, 11, 1_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("mine" as const),
      picks: fc.array(fc.nat(8), { maxLength: 3 }),
      full: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("balance" as const), payer: fc.nat(2), dues: fc.nat(4) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom("wait" as const, "restart" as const, "kill" as const, "finalize" as const),
    }),
  },
);

/** What must hold after every step. */
async function checkInvariants(
  fixture: PoolFixture,
  seen: readonly Tx[],
  acknowledged: ReadonlySet<FieldType>,
): Promise<void> {
  const { pool, chain } = fixture;
  const pending = pool.pending(1_000);
  const fees = pool.baseFees();
  const scores = pending.map(tx => scoreOf(tx, gasOf(tx.inputs), fees));
  expect(scores, "highest first").to.deep.equal([...scores].toSorted((a, b) => Number(b - a)));
  expect(scores, "only what a block can include").to.not.include(NOT_INCLUDABLE);
  const nullifiers = pending.flatMap(tx => tx.inputs.nullifiers);
  expect(new Set(nullifiers).size, "INV-4").to.equal(nullifiers.length);
  expect(
    nullifiers.some(nullifier => chain.latest().hasNullifier(nullifier)),
    "nothing spent",
  ).to.equal(false);
  for (const payer of payers.slice(1)) {
    const own = pending.filter(tx => tx.inputs.feePayer === payer);
    const credit = own.reduce((sum, tx) => sum + (tx.inputs.call.target === payer ? tx.inputs.call.amount : 0n), 0n);
    const due = own.reduce((sum, tx) => sum + maxFeeOf(tx.inputs.gas), 0n);
    if (pool.pendingCount() === fixture.meter.values.get("sprtn_tx_pool_pending_txs"))
      expect(due <= (chain.balances.get(payer) ?? 0n) + credit, "funded").to.equal(true);
  }
  const mined = new Set(
    chain.blocks.slice(chain.finalizedNumber + 1).flatMap(block => block.effects.map(effect => effect.txHash)),
  );
  const final = new Set(
    chain.blocks.slice(0, chain.finalizedNumber + 1).flatMap(block => block.effects.map(effect => effect.txHash)),
  );
  for (const tx of seen) {
    const kept = (await pool.get(tx.hash)) !== undefined;
    const stage = pool.stageOf(tx.hash)?.stage;
    if (!acknowledged.has(tx.hash)) continue;
    // INV-10 and PEND-8: what was acknowledged is here, or it is final, or it was dropped with a code.
    if (mined.has(tx.hash)) expect(kept, "mined ones are kept").to.equal(true);
    else if (!final.has(tx.hash)) expect(stage, "here or dropped").to.not.equal(undefined);
  }
}

describe("the pool's invariants", () => {
  it("hold after any history", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async steps => {
        const fixture = await PoolFixture.start({ maxTxs: MAX_TXS });
        const { chain } = fixture;
        chain.sentMessages.set(Field(5n), 1n);
        const seen: Tx[] = [];
        const acknowledged = new Set<FieldType>();
        for (const next of steps) {
          const before = fixture.meter.values.get("sprtn_tx_pool_pending_txs") ?? 0;
          if (next.kind === "add") {
            const payer = payers[next.payer]!;
            const victim = next.spends === undefined ? undefined : seen[next.spends];
            const tx = buildTx({
              tip: BigInt(next.tip),
              maxFee: BigInt(next.maxFee),
              feePayer: payer,
              ...(victim ? { nullifiers: victim.inputs.nullifiers } : {}),
              ...(next.deposit && payer !== 0n
                ? { call: { kind: CallKind.DEPOSIT, target: payer, amount: 2n * DUE, message: Field(5n) } }
                : {}),
            });
            seen.push(tx);
            if ((await fixture.add(tx)) === "accepted") acknowledged.add(tx.hash);
            expect(fixture.meter.values.get("sprtn_tx_pool_pending_txs"), "bounded").to.be.at.most(
              Math.max(before, MAX_TXS),
            );
          } else if (next.kind === "mine") {
            const picked = [...new Set(next.picks.flatMap(pick => fixture.pool.pending(100)[pick] ?? []))];
            await chain.add(picked, {
              baseFees: fixture.pool.baseFees(),
              totalL2Gas: next.full ? 2_000_000n : 0n,
              totalDaGas: 0n,
            });
          } else if (next.kind === "remove") {
            const count = Math.min(next.count, chain.blocks.length - 1 - chain.finalizedNumber);
            if (count > 0) await chain.remove(count);
          } else if (next.kind === "balance") {
            chain.balances.set(payers[next.payer]!, BigInt(next.dues) * DUE);
            await chain.add([], { baseFees: fixture.pool.baseFees() });
          } else if (next.kind === "restart") await fixture.restart();
          else if (next.kind === "kill") await fixture.kill();
          else if (next.kind === "finalize")
            await chain.finalize(
              BlockNumber(chain.finalizedNumber + Math.floor((chain.blocks.length - chain.finalizedNumber) / 2)),
            );
          else await fixture.clock.advance(10_000);
          await checkInvariants(fixture, seen, acknowledged);
        }
        await fixture.pool.stop();
        const unfinalized = chain.blocks
          .slice(chain.finalizedNumber + 1)
          .flatMap(block => block.effects.map(effect => effect.txHash));
        const kept = seen.filter(
          tx => unfinalized.includes(tx.hash) || !["dropped", undefined].includes(fixture.pool.stageOf(tx.hash)?.stage),
        );
        expect(fixture.storedCount(), "the disk holds what the pool holds").to.equal(kept.length);
      }),
      { numRuns: 60 },
    );
  });

  it("the order is that of a full sort, whatever is added, removed and repriced", () => {
    const operation = fc.record({
      tip: fc.nat(5),
      remove: fc.option(fc.nat(30), { nil: undefined }),
      base: fc.option(fc.nat(40), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), operations => {
        const pending = new PendingTxs();
        let baseFees = { perL2Gas: 1n, perDaGas: 1n };
        operations.forEach(({ tip, remove, base }, arrival) => {
          pending.add(
            createPoolEntry(buildTx({ tip: BigInt(tip), maxFee: 20n }), { arrival, baseFees, submitted: true }),
          );
          if (base !== undefined) pending.reprice((baseFees = { perL2Gas: BigInt(base), perDaGas: 1n }));
          const victim = remove === undefined ? undefined : pending.ordered()[remove];
          if (victim) pending.remove(victim.tx.hash);
          const sorted = [...pending.ordered()].toSorted((a, b) =>
            a.score === b.score ? a.arrival - b.arrival : Number(b.score - a.score),
          );
          expect(pending.ordered()).to.deep.equal(sorted);
          expect(pending.includableCount()).to.equal(sorted.filter(entry => entry.score !== NOT_INCLUDABLE).length);
          expect(pending.bytes).to.equal(sorted.reduce((sum, entry) => sum + entry.bytes, 0));
        });
      }),
      { numRuns: 40 },
    );
  });

  it("a replacement always pays more, at least a tenth", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -1n, max: 10n ** 30n }), fc.bigInt({ min: -1n, max: 10n ** 30n }), (a, b) => {
        if (outbids(a, b)) expect(a > b && 10n * a >= 11n * b).to.equal(true);
        expect(outbids(a, a)).to.equal(false);
      }),
    );
  });
});
