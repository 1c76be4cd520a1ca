import { CodedError, EthAddress, type Field, type FieldHasher, isField, jsFieldHasher } from "@sprtn/primitives";
import { CallKind, maxFeeOf, type Tx } from "@sprtn/protocol";
import { FakeKvStore, FakeProofBackend } from "@sprtn/testing";
import { expect } from "chai";
import fc from "fast-check";
import {
  addressOf,
  aliceSeed,
  bobSeed,
  FUNDS,
  paymentAddress,
  privateBalance,
  settings,
  WalletFixture,
} from "./test/wallet-fixture.js";
import { Wallet } from "./wallet.js";
import { WalletErrorCode } from "./wallet-error.js";

const codeOf = async (action: Promise<unknown>): Promise<string> => {
  try {
    await action;
  } catch (error) {
    return error instanceof CodedError ? error.code : `no code: ${String(error)}`;
  }
  return "nothing thrown";
};

describe("Wallet", function () {
  let fixture: WalletFixture;
  beforeEach(() => {
    fixture = new WalletFixture();
  });
  const lastTx = (): Tx => fixture.node.sent.at(-1) as Tx;
  const feeOf = (block: { effects: readonly { fee: bigint }[] }) => block.effects[0]?.fee ?? 0n;

  it("pays from public to public", async () => {
    const alice = await fixture.open(aliceSeed);
    const bob = await fixture.open(bobSeed);
    const hash = await alice.pay({ kind: "transfer", from: 0, to: addressOf(bob), amount: 1000n });
    expect(hash).to.equal(lastTx().hash);
    const fee = feeOf(fixture.node.mine());
    await Promise.all([alice.sync(), bob.sync()]);
    expect((await bob.balance(0)).public).to.equal(1000n);
    expect((await alice.balance(0)).public).to.equal(FUNDS - 1000n - fee);
    expect(lastTx().inputs.noteHashes).to.deep.equal([0n, 0n]);
  });

  it("prepares a payment that leaves later: nothing is sent, and its notes are its own, until then", async () => {
    const alice = await fixture.aliceWithNotes([5n * 10n ** 17n]);
    const pay = { kind: "private", from: 0, to: paymentAddress(alice), amount: 1n, anchor: "newest" } as const;
    const sent = fixture.node.sent.length;
    const prepared = await alice.prepare(pay);
    expect([fixture.node.sent.length, alice.spendableNotes(0)]).to.deep.equal([sent, 0]);
    expect(await codeOf(alice.prepare(pay))).to.equal(WalletErrorCode.NOTES_IN_FLIGHT);
    prepared.discard();
    expect(alice.spendableNotes(0)).to.equal(1);
    expect(await codeOf(prepared.send())).to.equal(WalletErrorCode.BAD_PAYMENT);

    const other = await alice.prepare(pay);
    const hashes: Field[] = [];
    expect(await other.send(hash => hashes.push(hash))).to.equal(other.hash);
    expect([hashes, lastTx().hash, lastTx().inputs.expirationSlot]).to.deep.equal([
      [other.hash],
      other.hash,
      other.expirationSlot,
    ]);
    // Sent is sent: giving it up frees nothing.
    other.discard();
    expect(alice.spendableNotes(0)).to.equal(0);
    expect(await codeOf(other.send())).to.equal(WalletErrorCode.BAD_PAYMENT);
    expect(fixture.node.sent.length).to.equal(sent + 1);
  });

  it("builds a public payment without reading blocks more than once a block", async () => {
    const alice = await fixture.open(aliceSeed);
    await alice.pay({ kind: "transfer", from: 0, to: 5n as Field, amount: 1n });
    fixture.node.mine();
    for (let i = 0; i < 3; i++) await alice.pay({ kind: "transfer", from: 0, to: 5n as Field, amount: 1n });
    // The block that is new, and that there is none after it.
    expect(fixture.node.calls.get("getBlocks")).to.equal(4);
  });

  it("builds a public payment with less than thirty permutations, its proof's circuit among them", async () => {
    let permutations = 0;
    const counting: FieldHasher = {
      ...jsFieldHasher,
      hash(inputs) {
        permutations += Math.ceil(inputs.length / 3);
        return jsFieldHasher.hash(inputs);
      },
    };
    const alice = await Wallet.open(
      { ...fixture.dependencies(), hasher: counting, proofs: new FakeProofBackend(counting) },
      settings(aliceSeed),
    );
    const pay = () => alice.pay({ kind: "transfer", from: 0, to: 5n as Field, amount: 1n });
    await pay();
    permutations = 0;
    await pay();
    expect(permutations).to.be.within(10, 30);
  });

  it("shields into one or two notes, and pays from notes to the recipient alone", async () => {
    const alice = await fixture.aliceWithNotes([]);
    const bob = await fixture.open(bobSeed);
    await alice.pay({ kind: "shield", from: 0, to: paymentAddress(alice), amount: 10n ** 16n + 1n, notes: 2 });
    fixture.node.mine();
    await alice.sync();
    expect((await alice.balance(0)).spendable).to.deep.equal([5n * 10n ** 15n + 1n, 5n * 10n ** 15n]);

    await alice.pay({ kind: "private", anchor: "newest", from: 0, to: paymentAddress(bob), amount: 7n * 10n ** 15n });
    const { inputs } = lastTx();
    expect(inputs).to.deep.include({ publicSender: 0n, feePayer: 0n, feeFromNotes: maxFeeOf(inputs.gas) });
    expect(inputs.call.kind).to.equal(CallKind.NONE);
    fixture.node.mine();
    await Promise.all([alice.sync(), bob.sync()]);
    expect(await privateBalance(bob)).to.equal(7n * 10n ** 15n);
    expect(await privateBalance(alice)).to.equal(3n * 10n ** 15n + 1n - inputs.feeFromNotes);

    // Bob can spend what he found, at its place in the tree.
    await bob.pay({ kind: "unshield", anchor: "newest", from: 0, to: 77n as Field, amount: 10n ** 15n });
    fixture.node.mine();
    expect(await fixture.node.getPublicBalance(77n as Field)).to.equal(10n ** 15n);
  });

  it("finds nothing with a wrong key", async () => {
    const alice = await fixture.aliceWithNotes([10n ** 15n, 10n ** 15n]);
    const bob = await fixture.open(bobSeed);
    await bob.sync();
    expect(bob.notes(0)).to.deep.equal([]);
    const cold = await fixture.open(aliceSeed);
    await cold.sync();
    expect(cold.notes(0)).to.deep.equal(alice.notes(0));
  });

  it("lets a public balance pay the fee of a private payment", async () => {
    const alice = await fixture.aliceWithNotes([1000n]);
    const bob = await fixture.open(bobSeed);
    await alice.pay({
      kind: "private",
      anchor: "newest",
      from: 0,
      to: paymentAddress(bob),
      amount: 1000n,
      fee: { account: 0 },
    });
    fixture.node.mine();
    await bob.sync();
    expect(await privateBalance(bob)).to.equal(1000n);
  });

  it("withdraws to Ethereum", async () => {
    const alice = await fixture.open(aliceSeed);
    await alice.pay({ kind: "withdraw", from: 0, to: EthAddress(`0x${"ab".repeat(20)}`), amount: 5n });
    expect(fixture.node.mine().effects[0]?.l2ToL1Message).not.to.equal(0n);
  });

  it("claims a deposit once the chain takes its message in, and pays the fee out of it", async () => {
    const bob = await fixture.open(bobSeed);
    const secretHash = await bob.newDepositSecret();
    const message = await fixture.node.deposit({ recipient: addressOf(bob), amount: 10n ** 16n, secretHash });
    let claimed = false;
    const claim = bob.claimDeposit(message).then(hash => {
      claimed = true;
      return hash;
    });
    await fixture.clock.advance(5_000);
    expect(claimed).to.equal(false);
    for (let block = 1; block < Number(message.globalIndex / 16n) + 1; block++) fixture.node.mine();
    await fixture.clock.advance(1_000);
    await claim;
    const fee = feeOf(fixture.node.mine());
    await bob.sync();
    expect((await bob.balance(0)).public).to.equal(10n ** 16n - fee);
  });

  it("recovers a deposit's secret after a restart, and refuses another's deposit", async () => {
    const kv = new FakeKvStore();
    const bob = await fixture.open(bobSeed, {}, { kv });
    const [first, second] = [await bob.newDepositSecret(), await bob.newDepositSecret()];
    expect(first).not.to.equal(second);
    const message = await fixture.node.deposit({ recipient: addressOf(bob), amount: 10n ** 16n, secretHash: second });
    fixture.node.mine();
    fixture.node.mine();
    const again = await fixture.open(bobSeed, {}, { kv });
    expect(await again.newDepositSecret()).not.to.be.oneOf([first, second]);
    await again.claimDeposit(message);
    const alice = await fixture.open(aliceSeed);
    expect(await codeOf(alice.claimDeposit(message))).to.equal(WalletErrorCode.UNKNOWN_DEPOSIT);
    expect(await codeOf(again.claimDeposit({ ...message, secretHash: 5n as Field }))).to.equal(
      WalletErrorCode.UNKNOWN_DEPOSIT,
    );
  });

  it("reserves the notes of transactions in flight, across a restart too, and frees them on a refusal", async () => {
    const kv = new FakeKvStore();
    const note = 10n ** 16n;
    const alice = await fixture.aliceWithNotes([note, note], {}, kv);
    const pay = (wallet: Wallet) =>
      wallet.pay({ kind: "private", anchor: "newest", from: 0, to: paymentAddress(alice), amount: 5n });
    const [first, second] = await Promise.all([pay(alice), pay(alice)]);
    expect(first).not.to.equal(second);
    expect((await alice.balance(0)).spendable).to.deep.equal([]);
    expect(await codeOf(pay(alice))).to.equal(WalletErrorCode.NOTES_IN_FLIGHT);
    expect(await codeOf(pay(await fixture.open(aliceSeed, {}, { kv })))).to.equal(WalletErrorCode.NOTES_IN_FLIGHT);

    fixture.node.mine();
    await alice.sync();
    fixture.node.refuse = () => "TX_POOL_FULL";
    const before = await alice.balance(0);
    expect(await codeOf(pay(alice))).to.equal("TX_POOL_FULL");
    expect(await alice.balance(0)).to.deep.equal(before);
  });

  it("tells the hash before it sends, and keeps the notes of what may have arrived", async () => {
    const alice = await fixture.aliceWithNotes([10n ** 16n]);
    const sent: Field[] = [];
    const pay = () =>
      alice.pay(
        { kind: "private", anchor: "newest", from: 0, to: paymentAddress(alice), amount: 5n },
        undefined,
        hash => void sent.push(hash),
      );
    fixture.node.refuse = () => new CodedError("RPC_TIMEOUT", "no answer", { mayHaveRun: true });
    expect(await codeOf(pay())).to.equal("RPC_TIMEOUT");
    expect(sent.length).to.equal(1);
    expect((await alice.balance(0)).spendable).to.deep.equal([]);
  });

  it("frees the notes of a transaction that was dropped, or that expired", async () => {
    const alice = await fixture.aliceWithNotes([10n ** 16n]);
    const pay = () => alice.pay({ kind: "private", anchor: "newest", from: 0, to: paymentAddress(alice), amount: 5n });
    const hash = await pay();
    fixture.node.drop(hash);
    const stages = [];
    for await (const receipt of alice.watch(hash)) stages.push([receipt.stage, receipt.code]);
    expect(stages).to.deep.equal([["dropped", "TX_POOL_EVICTED"]]);
    expect((await alice.balance(0)).spendable.length).to.equal(1);

    const lost = await pay();
    fixture.node.drop(lost);
    fixture.node.mine(lastTx().inputs.expirationSlot - fixture.node.tip.header.slot);
    await alice.sync();
    expect((await alice.balance(0)).spendable).to.deep.equal([]);
    fixture.node.mine();
    await alice.sync();
    expect((await alice.balance(0)).spendable.length).to.equal(1);
  });

  it("says why notes do not do", async () => {
    const note = 10n ** 16n;
    const alice = await fixture.aliceWithNotes([note, note, note]);
    const pay = (amount: bigint) =>
      alice.pay({ kind: "private", anchor: "newest", from: 0, to: paymentAddress(alice), amount });
    expect(await codeOf(pay(2n * note + 5n))).to.equal(WalletErrorCode.NOTES_FRAGMENTED);
    expect(await codeOf(pay(3n * note))).to.equal(WalletErrorCode.INSUFFICIENT_NOTES);
    expect(await codeOf(pay(0n))).to.equal(WalletErrorCode.BAD_PAYMENT);
    expect(
      await codeOf(alice.pay({ kind: "shield", from: 0, to: paymentAddress(alice), amount: 1n, fee: "notes" })),
    ).to.equal(WalletErrorCode.BAD_PAYMENT);
    expect(await codeOf(alice.pay({ kind: "transfer", from: 0, to: 0n as Field, amount: 1n }))).to.equal(
      WalletErrorCode.BAD_PAYMENT,
    );
    expect(await codeOf(alice.pay({ kind: "transfer", from: 0, to: 5n as Field, amount: FUNDS }))).to.equal(
      WalletErrorCode.INSUFFICIENT_BALANCE,
    );
    expect(await codeOf(alice.pay({ kind: "transfer", from: 1, to: 5n as Field, amount: 1n }))).to.equal(
      WalletErrorCode.UNKNOWN_ACCOUNT,
    );
  });

  it("consolidates until a payment fits", async () => {
    const note = 10n ** 16n;
    const alice = await fixture.aliceWithNotes([note, note, note, note]);
    expect((await alice.consolidate(0, { anchor: "newest" })).length).to.equal(2);
    fixture.node.mine();
    await alice.sync();
    const { spendable } = await alice.balance(0);
    expect(spendable.length).to.equal(2);
    await alice.pay({ kind: "private", anchor: "newest", from: 0, to: paymentAddress(alice), amount: 3n * note });
    expect(await codeOf(alice.consolidate(0, { anchor: "newest" }))).to.equal("nothing thrown");
  });

  it("keeps the number of notes bounded as it pays", async () => {
    const alice = await fixture.aliceWithNotes([10n ** 16n, 10n ** 15n, 10n ** 14n], { notesKept: 2 });
    await alice.pay({
      kind: "unshield",
      anchor: "newest",
      from: 0,
      to: 5n as Field,
      amount: 10n ** 15n,
      fee: { account: 0 },
    });
    fixture.node.mine();
    await alice.sync();
    // The note that sufficed and the smallest one became one change note.
    expect((await alice.balance(0)).spendable).to.deep.equal([10n ** 16n, 10n ** 14n]);
  });

  it("rounds anchor and expiration to epochs", async () => {
    const alice = await fixture.aliceWithNotes([10n ** 16n]);
    const { epochDuration } = fixture.node.deployment.parameters;
    while (fixture.node.tip.header.slot < 2 * epochDuration + 1) fixture.node.mine();
    await alice.sync();
    await alice.pay({ kind: "transfer", from: 0, to: 5n as Field, amount: 1n });
    const first = lastTx().inputs;
    expect((first.expirationSlot + 1) % epochDuration).to.equal(0);
    fixture.node.mine();
    await alice.sync();
    await alice.pay({ kind: "private", anchor: "newest", from: 0, to: paymentAddress(alice), amount: 1n });
    const second = lastTx().inputs;
    expect([second.anchorNoteHashRoot, second.expirationSlot]).to.deep.equal([
      first.anchorNoteHashRoot,
      first.expirationSlot,
    ]);
  });

  it("watches a transaction through its stages, until it is told to stop", async () => {
    const alice = await fixture.open(aliceSeed);
    const hash = await alice.pay({ kind: "transfer", from: 0, to: 5n as Field, amount: 1n });
    const stages: string[] = [];
    const watching = (async () => {
      for await (const receipt of alice.watch(hash)) stages.push(receipt.stage);
    })();
    await fixture.clock.advance(2_000);
    fixture.node.mine();
    await fixture.clock.advance(2_000);
    fixture.node.reorg(1);
    await fixture.clock.advance(2_000);
    fixture.node.mine();
    await fixture.clock.advance(1_000);
    fixture.node.prove();
    await fixture.clock.advance(1_000);
    fixture.node.finalize();
    await fixture.clock.advance(1_000);
    await watching;
    expect(stages).to.deep.equal(["submitted", "pending", "submitted", "pending", "proven", "finalized"]);

    const abort = new AbortController();
    const endless = codeOf(
      (async () => {
        for await (const receipt of alice.watch(1n as Field, abort.signal)) expect(receipt.stage).to.equal("unknown");
      })(),
    );
    await fixture.clock.advance(1_000);
    abort.abort();
    expect(await endless).to.equal("RUNTIME_ABORTED");
  });

  it("conserves value over random payments", async () => {
    const amount = fc.bigInt(1n, 3n * 10n ** 15n);
    const payment = fc.record({
      kind: fc.constantFrom("private", "transfer", "shield", "unshield", "withdraw"),
      from: fc.nat(1),
      to: fc.nat(1),
      amount,
      notes: fc.constantFrom(1, 2),
      publicFee: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(payment, { minLength: 4, maxLength: 10 }), async payments => {
        const one = new WalletFixture();
        const alice = await one.open(aliceSeed, { accounts: 2 });
        let out = 0n;
        for (const from of [0, 1])
          await alice.pay({ kind: "shield", from, to: paymentAddress(alice, from), amount: 10n ** 16n, notes: 2 });
        one.node.mine();
        await alice.sync();
        for (const { kind, from, to, amount: wei, notes, publicFee } of payments) {
          const fee = publicFee ? { fee: { account: to } } : {};
          const terms = { from, amount: wei, anchor: "newest" as const, ...fee };
          if (kind === "private") await alice.pay({ ...terms, kind, to: paymentAddress(alice, to) }).catch(allowed);
          if (kind === "transfer") await alice.pay({ ...terms, kind, to: addressOf(alice, to) }).catch(allowed);
          if (kind === "shield")
            await alice.pay({ from, amount: wei, kind, to: paymentAddress(alice, to), notes: notes }).catch(allowed);
          if (kind === "unshield") await alice.pay({ ...terms, kind, to: addressOf(alice, to) }).catch(allowed);
          if (kind === "withdraw")
            await alice
              .pay({ ...terms, kind, to: EthAddress(`0x${"ab".repeat(20)}`) })
              .then(() => (out += wei), allowed);
          const { effects, header } = one.node.mine();
          expect(effects.length).to.equal(header.txCount).and.to.be.at.most(1);
          expect(effects.every(effect => !effect.reverted && isField(effect.txHash))).to.equal(true);
          await alice.sync();
        }
        const notes = (await privateBalance(alice, 0)) + (await privateBalance(alice, 1));
        const supply = await one.node.publicSupply([addressOf(alice, 0), addressOf(alice, 1)]);
        const burnt = one.node.blocks.reduce((sum, block) => sum + block.header.totalBaseFees, 0n);
        expect(supply + notes + burnt + out).to.equal(2n * FUNDS);
      }),
      { numRuns: 5 },
    );
  });
});

/** Notes are scarce in random sequences. */
function allowed(error: unknown): void {
  if (!(error instanceof CodedError) || !/NOTES/.test(error.code)) throw error;
}
