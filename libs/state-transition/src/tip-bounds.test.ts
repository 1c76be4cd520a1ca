import { Field } from "@sprtn/primitives";
import { CallKind, gasOf } from "@sprtn/protocol";
import { expect } from "chai";
import { buildBlock, ExclusionCode } from "./index.js";
import { ChainFixture } from "./test/chain-fixture.js";

const [payer, recipient, target] = [Field(101), Field(102), Field(103)];
const PRIORITY = 5n;

describe("TX-3: a tip at the bound of the fee recipient's balance", () => {
  /** Codes of what is left out when a tip lifts the fee recipient's balance to `sum`. */
  function lifting(sum: bigint): readonly string[] {
    const fixture = new ChainFixture();
    const funds = 10n ** 15n;
    fixture.mine([fixture.deposit(fixture.message(payer, funds), { recipient: payer, amount: funds })]);
    const tipping = () =>
      fixture.tx({ kind: CallKind.TRANSFER, target, amount: 1n }, { sender: payer, payer, priority: PRIORITY });
    const amount = sum - PRIORITY * gasOf(tipping().inputs).l2;
    const { excluded } = fixture.mine([
      fixture.deposit(fixture.message(recipient, amount), { recipient, amount, payer }),
    ]);
    expect(excluded).to.deep.equal([]);
    const built = buildBlock(
      { fork: fixture.state.fork(), lookups: fixture.lookups },
      { txs: [tipping()], messages: [] },
      { ...fixture.environment(), feeRecipient: recipient },
    );
    return built.excluded.map(({ reason }) => reason.code);
  }

  it("may lift it to 2^128 − 1", () => {
    expect(lifting(2n ** 128n - 1n)).to.deep.equal([]);
  });

  it("may not lift it to 2^128: the fee recipient is full, which is no fault of the transaction", () => {
    expect(lifting(2n ** 128n)).to.deep.equal([ExclusionCode.FEE_RECIPIENT_FULL]);
  });
});
