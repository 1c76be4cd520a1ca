import { Field } from "@sprtn/primitives";
import { CallKind, SMALLEST_GAS } from "@sprtn/protocol";
import { expect } from "chai";
import { BlockBuilder } from "./block-builder.js";
import type { BlockEnvironment } from "./index.js";
import { ChainFixture, gasTarget } from "./test/chain-fixture.js";

function builder(fixture: ChainFixture, change: Partial<BlockEnvironment>): BlockBuilder {
  const environment = { ...fixture.environment(), ...change };
  return new BlockBuilder({ fork: fixture.state.fork(), lookups: fixture.lookups }, environment, []);
}

describe("a block that is built is full", () => {
  for (const kind of ["l2", "da"] as const)
    it(`when the smallest transaction's ${kind} gas is more than twice the target`, () => {
      const enough = (SMALLEST_GAS[kind] + 1n) / 2n;
      const isFull = (target: bigint) =>
        builder(new ChainFixture(), { gasTarget: { ...gasTarget, [kind]: target } }).full;
      expect([isFull(enough), isFull(enough - 1n)]).to.deep.equal([false, true]);
    });

  it("when it has as many transactions as it may, or their gas leaves no room for another", () => {
    const fixture = new ChainFixture();
    const withOne = (change: Partial<BlockEnvironment>) => {
      const building = builder(fixture, change);
      building.add(fixture.tx({ kind: CallKind.NONE }, { notes: 1 }));
      const used = building.finish().block.header;
      return { isFull: building.full, l2: used.totalL2Gas, da: used.totalDaGas, count: used.txCount };
    };
    const { l2, da, count, isFull } = withOne({ maxTxs: 2 });
    expect([count, isFull]).to.deep.equal([1, false]);
    expect(withOne({ maxTxs: 1 }).isFull).to.equal(true);
    const room = { l2: (l2 + SMALLEST_GAS.l2 + 1n) / 2n, da: (da + SMALLEST_GAS.da + 1n) / 2n };
    expect(withOne({ gasTarget: room }).isFull).to.equal(false);
    for (const kind of ["l2", "da"] as const)
      expect(withOne({ gasTarget: { ...gasTarget, [kind]: room[kind] - 1n } }).isFull, kind).to.equal(true);
  });

  it("not by a transaction that is left out", () => {
    const fixture = new ChainFixture();
    const building = builder(fixture, { maxTxs: 1 });
    building.add(fixture.tx({ kind: CallKind.NONE }, { notes: 1, anchor: Field(5) }));
    expect(building.full).to.equal(false);
  });
});
