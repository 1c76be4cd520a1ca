import { CodedError, type Field, jsFieldHasher } from "@sprtn/primitives";
import type { L2Block } from "@sprtn/protocol";
import { FakeKvStore, FakeNode } from "@sprtn/testing";
import { expect } from "chai";
import { deriveAccountKeys } from "../keys/account-keys.js";
import {
  addressOf,
  aliceSeed,
  bobSeed,
  FUNDS,
  paymentAddress,
  privateBalance,
  settings,
  WalletFixture,
} from "../test/wallet-fixture.js";
import { Wallet } from "../wallet.js";
import { WalletErrorCode } from "../wallet-error.js";

const NOTE = 10n ** 16n;

describe("scan", function () {
  let fixture: WalletFixture;
  beforeEach(() => {
    fixture = new WalletFixture();
  });

  it("takes a note back that a reorg removed, and finds it at its new place", async () => {
    const alice = await fixture.open(aliceSeed);
    await alice.pay({ kind: "shield", from: 0, to: paymentAddress(alice), amount: NOTE });
    fixture.node.mine();
    await alice.sync();
    const [first] = alice.notes(0);
    expect(first?.leafIndex).to.equal(0n);

    fixture.node.reorg(1);
    await alice.sync();
    expect(alice.notes(0)).to.deep.equal([]);
    // Another transaction goes first this time.
    const [shield] = fixture.node.pendingTxs;
    fixture.node.drop(shield?.hash as Field);
    const bob = await fixture.open(aliceSeed, { accounts: 2 });
    await bob.pay({ kind: "transfer", from: 1, to: 5n as Field, amount: 1n });
    await fixture.node.sendTx(shield as never);
    fixture.node.mine();
    await alice.sync();
    const [second] = alice.notes(0);
    expect(second).to.deep.include({ value: NOTE, leafIndex: 2n, uniqueHash: first?.uniqueHash });
    await alice.pay({ kind: "unshield", anchor: "newest", from: 0, to: 5n as Field, amount: 1n });
    fixture.node.mine();
    expect(fixture.node.tip.effects.length).to.equal(1);
  });

  it("makes a note unspent again when its spending is undone, but keeps it for the pending transaction", async () => {
    const alice = await fixture.aliceWithNotes([NOTE]);
    await alice.pay({ kind: "unshield", anchor: "newest", from: 0, to: 5n as Field, amount: 1n, fee: { account: 0 } });
    fixture.node.mine();
    await alice.sync();
    expect(alice.notes(0).find(note => note.value === NOTE)?.spentIn).to.equal(2);
    fixture.node.reorg(1);
    await alice.sync();
    expect(alice.notes(0).map(note => [note.value, note.spentIn])).to.deep.equal([[NOTE, null]]);
    expect((await alice.balance(0)).spendable).to.deep.equal([]);
    fixture.node.mine();
    await alice.sync();
    expect((await alice.balance(0)).spendable).to.deep.equal([NOTE - 1n]);
  });

  it("finds and spends notes within one batch of blocks, and many batches", async () => {
    const alice = await fixture.aliceWithNotes([NOTE]);
    await alice.pay({ kind: "unshield", anchor: "newest", from: 0, to: 5n as Field, amount: 1n, fee: { account: 0 } });
    for (let i = 0; i < 230; i++) fixture.node.mine();
    await alice.sync();
    const cold = await fixture.open(aliceSeed);
    await cold.sync();
    expect(cold.notes(0)).to.deep.equal(alice.notes(0));
    expect(cold.scannedTo()).to.equal(231);
    fixture.node.reorg(150);
    fixture.node.mine();
    await cold.sync();
    expect(cold.scannedTo()).to.equal(82);
    expect(cold.notes(0)).to.deep.equal(alice.notes(0));
  });

  it("goes on after a restart where it was, and rescans from genesis to the same", async () => {
    const kv = new FakeKvStore();
    const alice = await fixture.aliceWithNotes([NOTE, 2n * NOTE], {}, kv);
    fixture.node.finalize();
    for (let i = 0; i < 3; i++) fixture.node.mine();
    await alice.sync();
    const before = alice.notes(0);
    const again = await fixture.open(aliceSeed, {}, { kv });
    expect(again.scannedTo()).to.equal(4);
    expect(again.notes(0)).to.deep.equal(before);
    await again.rescan();
    expect(again.notes(0)).to.deep.equal(before);
  });

  it("reads the chain again when accounts are added", async () => {
    const kv = new FakeKvStore();
    const alice = await fixture.aliceWithNotes([NOTE], {}, kv);
    const second = deriveAccountKeys(jsFieldHasher, aliceSeed, 1);
    await alice.pay({ kind: "private", anchor: "newest", from: 0, to: second.paymentAddress, amount: 5n });
    fixture.node.mine();
    await alice.sync();
    const both = await fixture.open(aliceSeed, { accounts: 2 }, { kv });
    expect(both.scannedTo()).to.equal(undefined);
    await both.sync();
    expect(await privateBalance(both, 1)).to.equal(5n);
  });

  it("notices another seed's store, and another chain", async () => {
    const kv = new FakeKvStore();
    const alice = await fixture.aliceWithNotes([NOTE], {}, kv);
    const code = (action: Promise<unknown>) =>
      action.then(
        () => "nothing thrown",
        (error: unknown) => (error instanceof CodedError ? error.code : String(error)),
      );
    expect(await code(fixture.open(bobSeed, {}, { kv }))).to.equal(WalletErrorCode.WRONG_SEED);
    const other = new FakeNode({ balances: new Map([[addressOf(alice), FUNDS + 1n]]) });
    other.mine();
    const lost = await fixture.open(aliceSeed, {}, { kv, node: other });
    expect(await code(lost.sync())).to.equal(WalletErrorCode.WRONG_CHAIN);
  });

  it("takes no blocks that do not follow one another, nor half a batch when the store fails", async () => {
    const alice = await fixture.aliceWithNotes([NOTE]);
    const kv = new FakeKvStore();
    const gap = {
      ...blocksOf(fixture.node),
      getBlocks: async () =>
        fixture.node.blocks.toSpliced(1, 1, {
          ...(fixture.node.blocks[1] as L2Block),
          header: { ...(fixture.node.blocks[1] as L2Block).header, lastArchive: 3n as Field },
        }),
    };
    const broken = await fixture.open(aliceSeed, {}, { kv, node: gap as unknown as FakeNode });
    await broken.sync().then(
      () => expect.fail("accepted"),
      (error: unknown) => expect((error as CodedError).code).to.equal(WalletErrorCode.BAD_NODE_ANSWER),
    );
    expect(broken.scannedTo()).to.equal(undefined);

    const failing = await fixture.open(aliceSeed, {}, { kv });
    kv.onWrite = () => "lost";
    await failing.sync().then(
      () => expect.fail("written"),
      () => {},
    );
    expect([failing.scannedTo(), failing.notes(0).length]).to.deep.equal([undefined, 0]);
    kv.onWrite = () => "done";
    await failing.sync();
    expect(failing.notes(0)).to.deep.equal(alice.notes(0));
  });

  it("keeps its place when the node finalizes blocks that it has not read yet", async () => {
    const alice = await fixture.aliceWithNotes([NOTE]);
    for (let i = 0; i < 3; i++) fixture.node.mine();
    fixture.node.finalize();
    const behind = {
      getBlocks: async (from: number) => fixture.node.blocks.slice(from, 3),
      getChainTips: () => fixture.node.getChainTips(),
    };
    const kv = new FakeKvStore();
    const slow = await fixture.open(aliceSeed, {}, { kv, node: behind as unknown as FakeNode });
    await slow.sync();
    expect(slow.scannedTo()).to.equal(2);
    const again = await fixture.open(aliceSeed, {}, { kv });
    await again.sync();
    expect([again.scannedTo(), again.notes(0)]).to.deep.equal([4, alice.notes(0)]);
  });

  it("lets others have their turn while it decrypts, and can be stopped there", async () => {
    const alice = await fixture.open(aliceSeed);
    for (let i = 0; i < 9; i++)
      await alice.pay({ kind: "shield", from: 0, to: paymentAddress(alice), amount: 2n, notes: 2 });
    fixture.node.mine();
    const bob = await fixture.open(bobSeed, { accounts: 2 });
    let done = false;
    const syncing = bob.sync().then(() => (done = true));
    while (fixture.clock.pendingTimers === 0) await Promise.resolve();
    expect(done).to.equal(false);
    await fixture.clock.advance(0);
    await syncing;
    expect(done).to.equal(true);

    const abort = new AbortController();
    const other = await fixture.open(bobSeed, { accounts: 2 });
    const stopped = other.sync(abort.signal).then(
      () => "went on",
      (error: unknown) => (error as CodedError).code,
    );
    while (fixture.clock.pendingTimers === 0) await Promise.resolve();
    abort.abort();
    expect(await stopped).to.equal("RUNTIME_ABORTED");
    expect(other.scannedTo()).to.equal(undefined);
  });

  it("stops when it is told to", async () => {
    const alice = await fixture.open(aliceSeed);
    const abort = new AbortController();
    abort.abort();
    await alice.sync(abort.signal).then(
      () => expect.fail("went on"),
      (error: unknown) => expect((error as CodedError).code).to.equal("RUNTIME_ABORTED"),
    );
  });

  it("opens no wallet without accounts", async () => {
    await Wallet.open(fixture.dependencies(), settings(aliceSeed, { accounts: 0 })).then(
      () => expect.fail("opened"),
      (error: unknown) => expect((error as CodedError).code).to.equal(WalletErrorCode.UNKNOWN_ACCOUNT),
    );
  });
});

function blocksOf(node: FakeNode): Pick<FakeNode, "getBlocks" | "getChainTips"> {
  return { getBlocks: (from, limit) => node.getBlocks(from, limit), getChainTips: () => node.getChainTips() };
}
