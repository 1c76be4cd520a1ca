import { Field, toHex, uintToBytes } from "@sprtn/primitives";
import type { FundingMessage } from "@sprtn/ports";
import { MemoryLogger } from "@sprtn/testing";
import { storeFaultCompliance } from "@sprtn/testing/compliance";
import { DepositJournal } from "./deposit-journal.js";

const recipient = Field(7);
const message = (n: number): FundingMessage => ({
  recipient,
  amount: BigInt(n),
  secretHash: Field(100 + n),
  messageHash: Field(200 + n),
  globalIndex: BigInt(n),
  l1Transaction: toHex(uintToBytes(n, 32)),
});

storeFaultCompliance("DepositJournal", () => {
  let journal: DepositJournal;
  return {
    open: async store => void (journal = new DepositJournal({ store, logger: new MemoryLogger() })),
    steps: [
      () => journal.openFor(recipient),
      () => journal.put(message(1)),
      () => journal.put(message(2)),
      () => journal.remove(message(1)),
      () => journal.openFor(recipient),
    ],
    view: async () => (await journal.openFor(recipient)).map(({ amount }) => amount),
  };
});
