import { CodedError, type Field, jsFieldHasher } from "@sprtn/primitives";
import type { Tx } from "@sprtn/protocol";
import { FakeKvStore } from "@sprtn/testing";
import { expect } from "chai";
import { Memberships } from "./note-tree/memberships.js";
import { ScanStore } from "./scan/scan-store.js";
import { RecordingNode } from "./test/recording-node.js";
import {
  addressOf,
  aliceSeed,
  bobSeed,
  paymentAddress,
  privateBalance,
  settings,
  WalletFixture,
} from "./test/wallet-fixture.js";
import { Wallet } from "./wallet.js";
import { WalletErrorCode } from "./wallet-error.js";

const NOTE = 10n ** 16n;

describe("what a wallet shows", () => {
  let fixture: WalletFixture;
  let alice: Wallet;
  beforeEach(async () => {
    fixture = new WalletFixture();
    alice = await fixture.open(aliceSeed, { accounts: 2 });
  });
  const { epochDuration } = new WalletFixture().node.deployment.parameters;
  const lastTx = () => fixture.node.sent.at(-1) as Tx;
  /** Mines up to the first slot of the next epoch, which it returns. */
  const nextEpoch = (): number => {
    const slot = (Math.floor(fixture.node.tip.header.slot / epochDuration) + 1) * epochDuration;
    while (fixture.node.tip.header.slot < slot) fixture.node.mine();
    return slot;
  };
  const code = (action: Promise<unknown>) =>
    action.then(
      () => "nothing thrown",
      (error: unknown) => (error instanceof CodedError ? error.code : String(error)),
    );
  /** Notes for Bob in separate blocks. */
  const fundBob = async (bob: Wallet, values: readonly bigint[]) => {
    for (const amount of values) {
      await alice.pay({ kind: "shield", from: 0, to: paymentAddress(bob), amount, notes: 1 });
      fixture.node.mine();
    }
  };

  it("asks a node the same whatever it owns (PRIV-1)", async () => {
    const bob = await fixture.open(bobSeed);
    const carolSeed = new Uint8Array(32).fill(3);
    const carol = await fixture.open(carolSeed);
    await fundBob(bob, [NOTE, 2n * NOTE, 3n * NOTE]);
    await fundBob(carol, [50n * NOTE]);
    await alice.pay({ kind: "transfer", from: 1, to: addressOf(carol), amount: 2n * NOTE });
    nextEpoch();

    const recorded: RecordingNode[] = [];
    for (const [seed, amount] of [
      [bobSeed, 4n * NOTE],
      [carolSeed, NOTE],
    ] as const) {
      const recording = new RecordingNode(fixture.node);
      const wallet = await fixture.open(seed, {}, { kv: new FakeKvStore(), node: recording.node });
      await wallet.sync();
      await wallet.balance(0);
      const hash = await wallet.pay({ kind: "private", from: 0, to: paymentAddress(alice), amount });
      for await (const { stage } of wallet.watch(hash)) if (stage === "submitted") break;
      // Both see the same chain.
      fixture.node.drop(hash);
      await wallet.backup("pass phrase");
      recorded.push(recording);
    }
    const [first, second] = recorded;
    expect(first?.requests.length).to.be.greaterThan(8);
    expect(first?.requests).to.deep.equal(second?.requests);
    expect(first?.methods()).to.have.members([
      "getNodeInfo",
      "getChainTips",
      "getBlocks",
      "getBaseFees",
      "getCurrentSlot",
      "sendTx",
      "getTxReceipt",
    ]);
  });

  it("asks nothing more when notes do not suffice than when they do", async () => {
    const bob = await fixture.open(bobSeed);
    await fundBob(bob, [NOTE]);
    nextEpoch();
    const recorded: string[][] = [];
    for (const amount of [1n, 5n * NOTE]) {
      const recording = new RecordingNode(fixture.node);
      const wallet = await fixture.open(bobSeed, {}, { kv: new FakeKvStore(), node: recording.node });
      await wallet.pay({ kind: "private", from: 0, to: paymentAddress(alice), amount }).catch(() => undefined);
      recorded.push(recording.requests.filter(request => !request.startsWith("sendTx")));
    }
    expect(recorded[0]).to.deep.equal(recorded[1]);
  });

  it("has the paths that a node would give, after a restart, a reorg, a rescan and a backup", async () => {
    const kv = new FakeKvStore();
    const bob = await fixture.open(bobSeed, {}, { kv });
    await alice.pay({ kind: "shield", from: 0, to: paymentAddress(bob), amount: 2n * NOTE, notes: 2 });
    fixture.node.mine();
    await bob.sync();
    await fundBob(bob, [NOTE]);
    await bob.sync();
    fixture.node.reorg(1);
    fixture.node.mine();
    await fundBob(bob, [NOTE]);
    const check = async (wallet: Wallet, store: FakeKvStore) => {
      await wallet.sync();
      expect(wallet.notes(0).length).to.equal(4);
      // What is on disk.
      const scanned = await ScanStore.open(store);
      const memberships = new Memberships({ store: scanned, hasher: jsFieldHasher });
      for (const anchor of scanned.blocks.filter(block => block.number >= 3)) {
        for (const note of wallet.notes(0)) {
          const { root, path } = await fixture.node.getNoteHashWitness(note.leafIndex, anchor.number);
          expect(memberships.membership([note], anchor)).to.deep.equal({ root, notes: [{ note, path }] });
        }
      }
    };
    await check(bob, kv);
    const again = await fixture.open(bobSeed, {}, { kv });
    await check(again, kv);
    fixture.node.finalize();
    fixture.node.mine();
    await check(again, kv);
    const { seed: _, accounts: __, ...rest } = settings(bobSeed);
    const elsewhere = new FakeKvStore();
    const backup = { text: await again.backup("pass phrase"), passphrase: "pass phrase" };
    await alice.pay({ kind: "transfer", from: 0, to: 5n as Field, amount: 1n });
    fixture.node.mine();
    await check(await Wallet.restore(fixture.dependencies(elsewhere), rest, backup), elsewhere);
    await again.rescan();
    await check(again, kv);
  });

  it("names fees and expiration on a grid that all transactions of an epoch share (PRIV-3)", async () => {
    const start = nextEpoch();
    const seen = new Set<string>();
    const baseFees = new Set<bigint>();
    for (let block = 1; block < epochDuration; block++) {
      for (let i = 0; i < 3; i++) await alice.pay({ kind: "transfer", from: 0, to: 5n as Field, amount: 1n });
      const { gas, expirationSlot, anchorNoteHashRoot } = lastTx().inputs;
      seen.add([...Object.values(gas.maxFees), expirationSlot, anchorNoteHashRoot].join());
      baseFees.add(fixture.node.mine().header.baseFees.perL2Gas);
    }
    expect(fixture.node.tip.header.slot).to.be.lessThan(start + epochDuration);
    expect(baseFees.size).to.equal(epochDuration - 1);
    expect(seen.size).to.equal(1);
  });

  it("waits with a young note unless its user agrees, and prefers notes that are old enough (PRIV-2)", async () => {
    const bob = await fixture.open(bobSeed);
    await fundBob(bob, [NOTE]);
    const start = nextEpoch();
    await fundBob(bob, [3n * NOTE]);
    const common = fixture.node.blocks.findLast(({ header }) => header.slot < start);
    const rootOf = async (block = common) =>
      (await fixture.node.getNoteHashWitness(0n, block?.header.number as never)).root;
    const pay = (amount: bigint, anchor?: "newest") =>
      bob.pay({
        kind: "private",
        from: 0,
        to: paymentAddress(alice),
        amount,
        ...(anchor === undefined ? {} : { anchor }),
      });

    const refusal = await pay(2n * NOTE).catch((error: unknown) => error as CodedError);
    expect(refusal).to.have.property("code", WalletErrorCode.NOTES_TOO_YOUNG);
    expect((refusal as CodedError).payload).to.include({ slot: start + epochDuration, available: NOTE });
    expect(await code(pay(9n * NOTE))).to.equal(WalletErrorCode.INSUFFICIENT_NOTES);

    await pay(1n, "newest");
    expect(lastTx().inputs.anchorNoteHashRoot).to.equal(await rootOf());
    await pay(2n * NOTE, "newest");
    expect(lastTx().inputs.anchorNoteHashRoot)
      .to.equal(await rootOf(fixture.node.tip))
      .and.not.equal(await rootOf());
    for (const { hash } of fixture.node.pendingTxs) fixture.node.drop(hash);

    nextEpoch();
    const later = await fixture.open(bobSeed);
    await later.pay({ kind: "private", from: 0, to: paymentAddress(alice), amount: 2n * NOTE });
  });

  it("merges only notes that the common anchor holds, unless its user agrees", async () => {
    const bob = await fixture.open(bobSeed);
    await fundBob(bob, [NOTE, NOTE]);
    expect(await bob.consolidate(0)).to.deep.equal([]);
    expect((await bob.consolidate(0, { anchor: "newest" })).length).to.equal(1);
  });

  it("follows its public balances through reorgs and finality without asking for them", async () => {
    const recording = new RecordingNode(fixture.node);
    const kv = new FakeKvStore();
    const wallet = await fixture.open(aliceSeed, { accounts: 2 }, { kv, node: recording.node });
    const check = async (of = wallet) => {
      await of.sync();
      for (const index of [0, 1])
        expect((await of.balance(index)).public).to.equal(await fixture.node.getPublicBalance(addressOf(of, index)));
    };
    await check();
    for (let i = 0; i < 3; i++) {
      await wallet.pay({ kind: "transfer", from: 0, to: addressOf(wallet, 1), amount: 7n, fee: { account: 1 } });
      fixture.node.mine();
      await check();
    }
    fixture.node.reorg(2);
    await check();
    fixture.node.mine();
    await check();
    fixture.node.finalize();
    fixture.node.mine();
    await check();
    await check(await fixture.open(aliceSeed, { accounts: 2 }, { kv }));
    expect(recording.methods()).not.to.include("getPublicBalance");
    await wallet.rescan();
    await check();
  });

  it("reads the chain again for a store that an earlier version left, and keeps its secrets", async () => {
    const kv = new FakeKvStore();
    const first = await fixture.aliceWithNotes([NOTE], {}, kv);
    const secret = await first.newDepositSecret();
    const text = (value: Uint8Array) => new TextDecoder().decode(value);
    const owner = Uint8Array.of(0);
    const old = text(kv.get(owner) as Uint8Array).replace(/,"format":2/, "");
    await kv.write([{ type: "put", key: owner, value: new TextEncoder().encode(old) }]);
    const again = await fixture.open(aliceSeed, {}, { kv });
    expect(again.scannedTo()).to.equal(undefined);
    expect(await again.newDepositSecret()).not.to.equal(secret);
    await again.pay({ kind: "private", anchor: "newest", from: 0, to: paymentAddress(again), amount: 1n });
    expect(await privateBalance(again)).to.equal(NOTE);
  });
});
