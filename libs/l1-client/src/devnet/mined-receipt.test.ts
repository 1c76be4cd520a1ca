import { ManualClock } from "@sprtn/runtime";
import { expect } from "chai";
import type { Provider, TransactionReceipt } from "ethers";
import { minedReceipt } from "./mined-receipt.js";

describe("waiting for a transaction on a devnet", () => {
  it("sees a receipt that comes without another block", async () => {
    const receipt = { status: 1 } as TransactionReceipt;
    const answers = [null, null, receipt];
    const provider = { getTransactionReceipt: async () => answers.shift() } as unknown as Provider;
    const clock = new ManualClock();
    const found = minedReceipt({ hash: "0x01", provider }, clock);
    await clock.advance(10);
    await clock.advance(10);
    expect(await found).to.equal(receipt);
    expect(answers).to.deep.equal([]);
  });
});
