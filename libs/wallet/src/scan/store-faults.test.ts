import { codeOf, type Field } from "@sprtn/primitives";
import { storeFaultCompliance } from "@sprtn/testing/compliance";
import { aliceSeed, paymentAddress, WalletFixture } from "../test/wallet-fixture.js";
import { WalletErrorCode } from "../wallet-error.js";
import type { Wallet } from "../wallet.js";

const NOTE = 10n ** 16n;

storeFaultCompliance("Wallet", () => {
  const fixture = new WalletFixture();
  const { node } = fixture;
  let alice: Wallet;
  let sent = 0;
  /** What was sent is not sent again: the node tells. */
  const payOnce = async (count: number, pay: () => Promise<Field>) => {
    await alice.sync();
    if (node.pendingTxs.length + sent >= count) return;
    try {
      await pay();
    } catch (error) {
      // Killed as it reserved notes for a transaction: they are free again once that would have expired.
      if (codeOf(error) !== WalletErrorCode.NOTES_IN_FLIGHT) throw error;
      for (let block = 0; block < 10; block++) node.mine();
      throw error;
    }
  };
  const mine = async () => {
    sent += node.pendingTxs.length;
    node.mine();
  };
  return {
    open: async store => void (alice = await fixture.open(aliceSeed, {}, { kv: store })),
    steps: [
      () => alice.sync(),
      () => alice.newDepositSecret(),
      () => payOnce(1, () => alice.pay({ kind: "shield", from: 0, to: paymentAddress(alice), amount: NOTE, notes: 1 })),
      mine,
      () => alice.sync(),
      async () => node.reorg(1),
      () => alice.sync(),
      async () => void node.mine(),
      async () => void node.mine(),
      () => alice.sync(),
      () =>
        payOnce(2, () =>
          alice.pay({ kind: "unshield", from: 0, to: 5n as Field, amount: 1n, fee: { account: 0 }, anchor: "newest" }),
        ),
      mine,
      () => alice.sync(),
    ],
    view: async () => {
      const { notes, private: value, spendable } = await alice.balance(0);
      return {
        sent: sent + node.pendingTxs.length,
        all: alice.notes(0).map(note => ({ value: note.value, spent: note.spentIn !== null })),
        balance: { notes, value, spendable },
      };
    },
  };
});
