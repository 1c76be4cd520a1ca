import { jsFieldHasher } from "@sprtn/primitives";
import { CallKind, createTx, gasOf, type Tx } from "@sprtn/protocol";
import { expect } from "chai";
import { buildBlock, ExclusionCode } from "./index.js";
import { ChainFixture } from "./test/chain-fixture.js";

const AMPLE = 10n ** 9n;

/** A transaction with so much gas in advance, of both kinds. */
function withTeardown(fixture: ChainFixture, ahead: number): Tx {
  const tx = fixture.tx({ kind: CallKind.NONE }, { notes: 1 });
  const gas = {
    ...tx.inputs.gas,
    l2GasLimit: 10 ** 6,
    daGasLimit: 10 ** 6,
    l2TeardownGasLimit: ahead,
    daTeardownGasLimit: ahead,
  };
  return createTx(jsFieldHasher, { ...tx, inputs: { ...tx.inputs, gas } });
}

describe("TX-2: a block holds twice the gas target", () => {
  for (const kind of ["l2", "da"] as const)
    for (const [ahead, excluded] of [
      [0, []],
      [1, [ExclusionCode.BLOCK_FULL]],
    ] as const)
      it(`of ${kind} gas: ${ahead === 0 ? "exactly that fits" : "one more does not"}`, () => {
        const fixture = new ChainFixture();
        const txs = [withTeardown(fixture, 0), withTeardown(fixture, ahead)];
        const target = gasOf(withTeardown(fixture, 0).inputs)[kind];
        const built = buildBlock(
          { fork: fixture.state.fork(), lookups: fixture.lookups },
          { txs, messages: [] },
          { ...fixture.environment(), gasTarget: { l2: AMPLE, da: AMPLE, [kind]: target } },
        );
        expect(built.excluded.map(({ reason }) => reason.code)).to.deep.equal(excluded);
        expect(built.txs).to.have.length(2 - excluded.length);
      });
});
