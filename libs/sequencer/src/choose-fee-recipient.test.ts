import { EthAddress, Field, Slot } from "@sprtn/primitives";
import { FEES_OFF } from "@sprtn/protocol";
import { expect } from "chai";
import { chooseFeeRecipient } from "./choose-fee-recipient.js";

describe("the fee recipient", () => {
  it("TX-3: is the wanted one where fees are off too, whose gas limit nobody reaches, up to a balance of 2^127", () => {
    const { gasTarget } = FEES_OFF;
    const wanted = { wanted: Field(7), coinbase: EthAddress(`0x${"c0".repeat(20)}`), slot: Slot(3), gasTarget };
    const isWanted = (balance: bigint) => chooseFeeRecipient({ publicBalance: () => balance }, wanted).isWanted;
    const room = 2n ** 128n - 2n ** 64n * 2n * (gasTarget.l2 + gasTarget.da);
    expect(room > 2n ** 127n).to.equal(true);
    expect([isWanted(0n), isWanted(room - 1n), isWanted(room)]).to.deep.equal([true, true, false]);
  });
});
