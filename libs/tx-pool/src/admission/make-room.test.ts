import { expect } from "chai";
import fc from "fast-check";
import { PendingTxs, comparePriority } from "../pending-txs.js";
import { createPoolEntry, type PoolEntry } from "../pool-entry.js";
import { buildTx, parameters } from "../pool-fixture.test.js";
import { TxRefusalCode } from "../refusal.js";
import { makeRoom } from "./make-room.js";
import { isRefusal } from "./plan-admission.js";

let arrival = 0;
function entry(tip: bigint, proofBytes = 100): PoolEntry {
  const tx = buildTx({ tip, proof: new Uint8Array(proofBytes) });
  return createPoolEntry(tx, { arrival: ++arrival, baseFees: parameters.initialBaseFees, submitted: false });
}

function poolOf(entries: readonly PoolEntry[]): PendingTxs {
  const pending = new PendingTxs();
  for (const each of entries) pending.add(each);
  return pending;
}

/** What makes room, or the code of the refusal. Without a limit there is space for all. */
function room(
  candidate: PoolEntry,
  entries: readonly PoolEntry[],
  {
    maxTxs = 1_000,
    maxBytes = 1e9,
    leaving = [],
  }: { readonly maxTxs?: number; readonly maxBytes?: number; readonly leaving?: readonly PoolEntry[] },
): string | readonly PoolEntry[] {
  const made = makeRoom(candidate, { pending: poolOf(entries), limits: { maxTxs, maxBytes } }, leaving);
  return isRefusal(made) ? made.code : made;
}

const bytesOf = (entries: readonly PoolEntry[]) => entries.reduce((sum, { bytes }) => sum + bytes, 0);

describe("room for a transaction (LIMIT-15)", () => {
  const [low, middle, high] = [entry(1n), entry(5n), entry(9n)];
  const entries = [middle, high, low];
  const candidate = entry(7n);

  it("is there up to each limit, and beyond it the lowest goes", () => {
    expect(room(candidate, entries, { maxTxs: 4 })).to.deep.equal([]);
    expect(room(candidate, entries, { maxTxs: 3 })).to.deep.equal([low]);
    const maxBytes = bytesOf([...entries, candidate]);
    expect(room(candidate, entries, { maxBytes })).to.deep.equal([]);
    expect(room(candidate, entries, { maxBytes: maxBytes - 1 })).to.deep.equal([low]);
    // A large one takes the places of two.
    const large = entry(7n, 100 + low.bytes);
    expect(room(large, entries, { maxBytes: bytesOf(entries) })).to.deep.equal([low, middle]);
  });

  it("is refused by those that pay as much or more", () => {
    for (const tip of [0n, 1n]) expect(room(entry(tip), entries, { maxTxs: 3 })).to.equal(TxRefusalCode.POOL_FULL);
    expect(room(entry(7n, 100 + low.bytes + middle.bytes), entries, { maxBytes: bytesOf(entries) })).to.equal(
      TxRefusalCode.POOL_FULL,
    );
  });

  it("is what leaves anyway, which is not counted twice", () => {
    expect(room(candidate, entries, { maxTxs: 3, leaving: [low] })).to.deep.equal([]);
    expect(room(candidate, entries, { maxBytes: bytesOf(entries), leaving: [low] })).to.deep.equal([]);
    const large = entry(7n, 100 + low.bytes);
    expect(room(large, entries, { maxBytes: bytesOf(entries), leaving: [low] })).to.deep.equal([middle]);
  });

  it("is refused when all else is not enough", () => {
    expect(room(entry(99n), [], { maxTxs: 0 })).to.equal(TxRefusalCode.POOL_FULL);
    expect(room(entry(99n), [low], { maxBytes: 10, leaving: [low] })).to.deep.equal([]);
    expect(room(entry(99n, 101), [low], { maxBytes: 10, leaving: [low] })).to.equal(TxRefusalCode.POOL_FULL);
  });

  it("INV-10: a pool above its limits does not grow, and need not shrink", () => {
    expect(room(candidate, entries, { maxTxs: 1 })).to.deep.equal([low]);
    expect(room(candidate, entries, { maxBytes: 1 })).to.deep.equal([low]);
  });

  it("displaces no more than it must, and none that goes first", () => {
    const drawn = fc.record({ tip: fc.bigInt({ min: 0n, max: 5n }), proofBytes: fc.integer({ min: 1, max: 50_000 }) });
    const limits = fc.record({ maxTxs: fc.nat(12), maxBytes: fc.nat(400_000), n: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 10 }), drawn, limits, (others, own, { maxTxs, maxBytes, n }) => {
        const made = others.map(({ tip, proofBytes }) => entry(tip, proofBytes));
        const comer = entry(own.tip, own.proofBytes);
        const leaving = made.slice(0, n);
        const fits = (gone: readonly PoolEntry[]) => {
          const left = [...made.filter(each => !gone.includes(each) && !leaving.includes(each)), comer];
          return left.length <= Math.max(maxTxs, made.length) && bytesOf(left) <= Math.max(maxBytes, bytesOf(made));
        };
        const lowest = made.filter(each => !leaving.includes(each)).toSorted((a, b) => comparePriority(b, a));
        const needed = Array.from({ length: lowest.length + 1 }, (_, i) => lowest.slice(0, i)).find(fits);
        const expected =
          needed?.every(each => comparePriority(comer, each) < 0) === true ? needed : TxRefusalCode.POOL_FULL;
        expect(room(comer, made, { maxTxs, maxBytes, leaving })).to.deep.equal(expected);
      }),
    );
  });
});
