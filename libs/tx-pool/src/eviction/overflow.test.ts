import { BlockNumber, Field } from "@sprtn/primitives";
import { CallKind, NO_WRITE, type PublicCall, type Tx } from "@sprtn/protocol";
import { Exclusion, ExclusionCode, prospectOf } from "@sprtn/state-transition";
import { expect } from "chai";
import { buildTx, DUE, PoolFixture, ZERO } from "../pool-fixture.test.js";
import { TxRefusalCode } from "../refusal.js";

const [sender, target, payer] = [Field(1n), Field(2n), Field(3n)];
const U128 = 2n ** 128n;

const pay = (call: Partial<PublicCall> & { kind: CallKind }, tip = 1n): Tx =>
  buildTx({
    tip,
    feePayer: payer,
    publicSender: call.kind === CallKind.TRANSFER ? sender : ZERO,
    call: { target, amount: 1n, message: ZERO, ...call },
  });
const leftOut = (tx: Tx, code: ExclusionCode) => ({ tx, reason: new Exclusion(code, "left out") });
const dropped = (code: string) => ({ stage: "dropped", code });

describe("TX-3: balances below 2^128", () => {
  let fixture: PoolFixture;
  beforeEach(async () => {
    fixture = await PoolFixture.start();
    fixture.chain.balances.set(payer, 100n * DUE);
    fixture.chain.sentMessages.set(Field(5n), 1n);
  });

  it("what would lift one to 2^128 is refused, by one wei, whoever pays it in", async () => {
    const { chain } = fixture;
    chain.balances.set(sender, U128 - 1n);
    chain.balances.set(target, U128 - 10n);
    for (const call of [
      { kind: CallKind.TRANSFER, amount: 10n },
      { kind: CallKind.UNSHIELD, amount: 10n },
      { kind: CallKind.DEPOSIT, amount: 10n, message: Field(5n) },
    ])
      expect(await fixture.add(pay(call)), String(call.kind)).to.equal(TxRefusalCode.BALANCE_OVERFLOW);
    expect(await fixture.add(pay({ kind: CallKind.TRANSFER, amount: 9n }))).to.equal("accepted");
    expect(await fixture.add(pay({ kind: CallKind.TRANSFER, target: sender, amount: U128 - 1n }))).to.equal("accepted");
    expect(fixture.proofs.verified, "before the proof").to.equal(2);
  });

  it("what a block has made so is dropped, with a code that its receipt tells", async () => {
    const { chain } = fixture;
    const [small, large, honest] = [
      pay({ kind: CallKind.TRANSFER, amount: 10n }),
      pay({ kind: CallKind.UNSHIELD, amount: U128 / 2n }),
      pay({ kind: CallKind.TRANSFER, target: Field(9n) }),
    ];
    for (const tx of [small, large, honest]) expect(await fixture.add(tx)).to.equal("accepted");
    chain.balances.set(target, U128 / 2n);
    await chain.add([]);
    expect(fixture.pool.stageOf(large.hash)).to.deep.equal(dropped(TxRefusalCode.BALANCE_OVERFLOW));
    const filling = pay({ kind: CallKind.UNSHIELD });
    const value = Field(U128 - 1n);
    chain.balances.set(target, value);
    chain.writes = [NO_WRITE, NO_WRITE, { slot: Field(77n), value }, NO_WRITE];
    await chain.add([filling]);
    expect(fixture.pool.stageOf(small.hash)).to.deep.equal(dropped(TxRefusalCode.BALANCE_OVERFLOW));
    expect(fixture.hashes()).to.deep.equal([honest.hash]);
  });

  it("INV-10: what a reorg has made so waits, and comes back with the balance", async () => {
    const { chain } = fixture;
    await chain.add([]);
    const tx = pay({ kind: CallKind.TRANSFER, amount: 10n });
    await fixture.add(tx);
    chain.balances.set(target, U128 - 1n);
    await chain.remove(1);
    expect(fixture.hashes()).to.deep.equal([]);
    expect(fixture.pool.stageOf(tx.hash)).to.include({ stage: "submitted" });
    chain.balances.set(target, 0n);
    await chain.add([]);
    expect(fixture.hashes()).to.deep.equal([tx.hash]);
  });
});

describe("what builders left out", () => {
  let fixture: PoolFixture;
  beforeEach(async () => {
    fixture = await PoolFixture.start();
  });

  const allCodes = Object.values(ExclusionCode);
  for (const code of allCodes.filter(each => prospectOf(each) === "never"))
    it(`is dropped where no block can hold it: ${code}`, async () => {
      const tx = buildTx();
      await fixture.add(tx);
      fixture.pool.reportLeftOut([leftOut(tx, code)]);
      expect(fixture.pool.stageOf(tx.hash)).to.deep.equal(dropped(code));
      expect(fixture.hashes()).to.deep.equal([]);
    });

  for (const code of allCodes.filter(each => prospectOf(each) !== "never"))
    it(`stays where another block may hold it, and where the pool's own tip can: ${code}`, async () => {
      const tx = buildTx();
      await fixture.add(tx);
      fixture.pool.reportLeftOut([leftOut(tx, code), leftOut(buildTx(), code)]);
      expect(fixture.hashes()).to.deep.equal([tx.hash]);
    });

  it("stays where another block may hold it, though the pool's own tip cannot", async () => {
    const anchorNoteHashRoot = Field(2_000n);
    await fixture.chain.add([]);
    fixture.chain.roots.set(anchorNoteHashRoot, BlockNumber(1));
    const tx = buildTx({ anchorNoteHashRoot });
    await fixture.add(tx);
    fixture.chain.roots.delete(anchorNoteHashRoot);
    fixture.pool.reportLeftOut([leftOut(tx, ExclusionCode.UNKNOWN_ANCHOR)]);
    expect(fixture.hashes()).to.deep.equal([tx.hash]);
  });

  it("is dropped where the pool's own tip cannot hold it either", async () => {
    fixture.chain.balances.set(payer, DUE);
    const tx = pay({ kind: CallKind.TRANSFER, amount: 10n });
    await fixture.add(tx);
    fixture.chain.balances.set(target, U128 - 1n);
    fixture.pool.reportLeftOut([leftOut(tx, ExclusionCode.BALANCE_OVERFLOW)]);
    expect(fixture.pool.stageOf(tx.hash)).to.deep.equal(dropped(TxRefusalCode.BALANCE_OVERFLOW));
  });
});
