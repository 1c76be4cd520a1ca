import { Field, Slot } from "@sprtn/primitives";
import { CallKind, gasOf, maxFeeOf, type Tx, TxShapeCode } from "@sprtn/protocol";
import { expect } from "chai";
import { badProof, buildTx, DUE, PoolFixture, ZERO } from "../pool-fixture.test.js";
import { TxRefusalCode } from "../refusal.js";
import { createTxPoolMetrics } from "../tx-pool-metrics.js";
import { ProofChecker } from "./proof-checker.js";

const payer = Field(77n);
const alice = Field(88n);

function deposit(changes: {
  readonly amount?: bigint;
  readonly target?: Field;
  readonly message?: Field;
  readonly tip?: bigint;
}): Tx {
  const { amount = DUE, target = payer, message = Field(5n), tip = 1n } = changes;
  return buildTx({ feePayer: payer, tip, call: { kind: CallKind.DEPOSIT, target, amount, message } });
}

describe("TX-1 admission", () => {
  let fixture: PoolFixture;
  beforeEach(async () => {
    fixture = await PoolFixture.start();
  });

  const refuses = async (tx: Tx, code: string) => {
    expect(await fixture.add(tx)).to.equal(code);
    expect(fixture.pool.pendingCount()).to.equal(0);
    expect(fixture.storedCount()).to.equal(0);
  };

  it("takes a valid transaction and has it on disk before it says so", async () => {
    const tx = buildTx();
    const admission = await fixture.pool.add(tx, "local");
    expect(admission).to.deep.equal({ accepted: true, hash: tx.hash });
    expect(fixture.storedCount()).to.equal(1);
    expect(await fixture.pool.get(tx.hash)).to.equal(tx);
    expect(fixture.hashes()).to.deep.equal([tx.hash]);
  });

  it("size: a proof of another length", () =>
    refuses(buildTx({ proof: new Uint8Array(100) }), TxRefusalCode.WRONG_SIZE));

  it("shape: a call whose fields do not fit its kind", () =>
    refuses(buildTx({ publicSender: alice }), TxShapeCode.SENDER_NOT_ALLOWED));

  it("shape: equal nullifiers", () =>
    refuses(buildTx({ nullifiers: [Field(3n), Field(3n)] }), TxShapeCode.NULLIFIERS_EQUAL));

  it("gas: limits below the gas used", async () => {
    const gas = { ...buildTx().inputs.gas, l2GasLimit: 9_000 };
    await refuses(buildTx({ gas, feeFromNotes: maxFeeOf(gas) }), TxShapeCode.L2_GAS_LIMIT_TOO_LOW);
  });

  it("gas: more than a block has", async () => {
    const gas = { ...buildTx().inputs.gas, l2GasLimit: 3_000_000, l2TeardownGasLimit: 2_500_000 };
    await refuses(buildTx({ gas, feeFromNotes: maxFeeOf(gas) }), TxRefusalCode.EXCEEDS_BLOCK_GAS);
    const da = { ...buildTx().inputs.gas, daGasLimit: 300_000, daTeardownGasLimit: 200_000 };
    await refuses(buildTx({ gas: da, feeFromNotes: maxFeeOf(da) }), TxRefusalCode.EXCEEDS_BLOCK_GAS);
  });

  it("gas: all that a block has is not too much, one more of either kind is", async () => {
    const used = gasOf(buildTx().inputs);
    const teardown = { l2: 2_000_000 - Number(used.l2), da: 200_000 - Number(used.da) };
    const needing = (more: { readonly l2?: number; readonly da?: number }) => {
      const { l2, da } = { l2: teardown.l2 + (more.l2 ?? 0), da: teardown.da + (more.da ?? 0) };
      const limits = { l2GasLimit: 3_000_000, daGasLimit: 300_000, l2TeardownGasLimit: l2, daTeardownGasLimit: da };
      const gas = { ...buildTx().inputs.gas, ...limits };
      return buildTx({ gas, feeFromNotes: maxFeeOf(gas) });
    };
    await refuses(needing({ l2: 1 }), TxRefusalCode.EXCEEDS_BLOCK_GAS);
    await refuses(needing({ da: 1 }), TxRefusalCode.EXCEEDS_BLOCK_GAS);
    expect(await fixture.add(needing({}))).to.equal("accepted");
  });

  it("chain: another chain or version", async () => {
    await refuses(buildTx({ chainId: 1n }), TxRefusalCode.WRONG_CHAIN);
    await refuses(buildTx({ rollupVersion: 2n }), TxRefusalCode.WRONG_CHAIN);
  });

  it("encrypted notes: others than those committed to", () =>
    refuses(buildTx({ encryptedNotesHash: Field(1n) }), TxRefusalCode.NOTES_HASH_WRONG));

  it("expiration: the last slot still counts, the next one does not", async () => {
    await fixture.clock.advance(35_000);
    await refuses(buildTx({ expirationSlot: Slot(2) }), TxRefusalCode.EXPIRED);
    expect(await fixture.add(buildTx({ expirationSlot: Slot(3) }))).to.equal("accepted");
  });

  it("before genesis it is slot 0", async () => {
    const early = await PoolFixture.start({
      parameters: {
        ...fixture.options.parameters,
        genesisTime: 2_000 as typeof fixture.options.parameters.genesisTime,
      },
    });
    expect(await early.add(buildTx({ expirationSlot: Slot(0) }))).to.equal("accepted");
  });

  it("anchor: a root that no block has", () =>
    refuses(buildTx({ anchorNoteHashRoot: Field(9n) }), TxRefusalCode.UNKNOWN_ANCHOR));

  it("base fees: those of the next block, not of the last", async () => {
    await fixture.chain.add([], { totalL2Gas: 2_000_000n });
    await refuses(buildTx({ maxFee: 10n }), TxRefusalCode.MAX_FEE_TOO_LOW);
    expect(await fixture.add(buildTx({ maxFee: 11n }))).to.equal("accepted");
    const { gas } = buildTx({ maxFee: 11n }).inputs;
    const cheapDa = { ...gas, maxFees: { perL2Gas: 11n, perDaGas: 9n } };
    expect(await fixture.add(buildTx({ gas: cheapDa, feeFromNotes: maxFeeOf(cheapDa) }))).to.equal(
      TxRefusalCode.MAX_FEE_TOO_LOW,
    );
  });

  it("nullifiers: used in the state", async () => {
    const spent = buildTx();
    await fixture.chain.add([spent]);
    await refuses(buildTx({ nullifiers: [Field(4n), spent.inputs.nullifiers[1]] }), TxRefusalCode.NULLIFIER_USED);
  });

  it("replacement: the same note again needs a tip at least 10 % higher", async () => {
    const first = buildTx({ tip: 100n });
    expect(await fixture.add(first)).to.equal("accepted");
    const again = (tip: bigint) => buildTx({ tip, nullifiers: [first.inputs.nullifiers[0], Field(tip)] });
    expect(await fixture.add(again(109n))).to.equal(TxRefusalCode.REPLACEMENT_UNDERPRICED);
    const better = again(110n);
    expect(await fixture.add(better)).to.equal("accepted");
    expect(fixture.hashes()).to.deep.equal([better.hash]);
    expect(fixture.pool.stageOf(first.hash)).to.deep.equal({ stage: "dropped", code: TxRefusalCode.REPLACED });
    expect(fixture.storedCount()).to.equal(1);
  });

  it("replacement: one that conflicts with two must outbid both; a tip of 0 is never replaced by 0", async () => {
    const [low, high] = [buildTx({ tip: 0n }), buildTx({ tip: 50n })];
    await fixture.add(low);
    await fixture.add(high);
    const both = (tip: bigint) => buildTx({ tip, nullifiers: [low.inputs.nullifiers[0], high.inputs.nullifiers[0]] });
    expect(await fixture.add(both(54n))).to.equal(TxRefusalCode.REPLACEMENT_UNDERPRICED);
    expect(await fixture.add(buildTx({ tip: 0n, nullifiers: [low.inputs.nullifiers[0], Field(1n)] }))).to.equal(
      TxRefusalCode.REPLACEMENT_UNDERPRICED,
    );
    expect(await fixture.add(both(55n))).to.equal("accepted");
    expect(fixture.pool.pendingCount()).to.equal(1);
  });

  it("funds: the payer covers maxFee of all his pending transactions", async () => {
    await refuses(buildTx({ feePayer: payer }), TxRefusalCode.FEE_UNPAYABLE);
    fixture.chain.balances.set(payer, 2n * DUE - 1n);
    const first = buildTx({ feePayer: payer, tip: 100n });
    expect(await fixture.add(first)).to.equal("accepted");
    expect(await fixture.add(buildTx({ feePayer: payer }))).to.equal(TxRefusalCode.FEE_UNPAYABLE);
    // A replacement does not pay in addition to the first.
    expect(await fixture.add(buildTx({ feePayer: payer, tip: 200n, nullifiers: first.inputs.nullifiers }))).to.equal(
      "accepted",
    );
  });

  it("funds: a deposit to the payer himself counts, one to another does not", async () => {
    fixture.chain.sentMessages.set(Field(5n), 1n);
    expect(await fixture.add(deposit({ amount: DUE - 1n }))).to.equal(TxRefusalCode.FEE_UNPAYABLE);
    expect(await fixture.add(deposit({ amount: DUE, target: alice }))).to.equal(TxRefusalCode.FEE_UNPAYABLE);
    expect(await fixture.add(deposit({ amount: 2n * DUE }))).to.equal("accepted");
    expect(await fixture.add(buildTx({ feePayer: payer }))).to.equal("accepted");
    expect(await fixture.add(buildTx({ feePayer: payer }))).to.equal(TxRefusalCode.FEE_UNPAYABLE);
  });

  it("message: a deposit of one that was never sent", () => refuses(deposit({}), TxRefusalCode.MESSAGE_ABSENT));

  it("proof: one that does not verify, and no cheaper check comes after it", async () => {
    await refuses(buildTx({ proof: badProof }), TxRefusalCode.INVALID_PROOF);
    expect(fixture.proofs.verified).to.equal(1);
    for (const wrong of [
      { chainId: 1n },
      { expirationSlot: Slot(0) },
      { anchorNoteHashRoot: Field(9n) },
      { feePayer: payer },
    ]) {
      await fixture.clock.advance(10_000);
      expect(await fixture.add(buildTx({ ...wrong, proof: badProof }))).to.not.equal(TxRefusalCode.INVALID_PROOF);
    }
    expect(fixture.proofs.verified).to.equal(1);
  });

  it("proof: a backend that cannot tell is no verdict", async () => {
    fixture.proofs.fails = true;
    await refuses(buildTx(), TxRefusalCode.PROOF_UNCHECKED);
    expect(fixture.logger.lines("warn").map(({ fields }) => fields["code"])).to.deep.equal(["UNEXPECTED"]);
  });

  it("proof: verified once for gossip, RPC and proposals together; other proof bytes are looked at", async () => {
    const tx = buildTx({ tip: 5n });
    const first = await Promise.all([fixture.add(tx, "gossip"), fixture.add(tx, "local"), fixture.add(tx, "peer")]);
    expect(first.filter(code => code === "accepted").length).to.be.greaterThan(0);
    expect(fixture.proofs.verified).to.equal(1);
    await fixture.add(buildTx({ tip: 50n, nullifiers: tx.inputs.nullifiers }));
    // Replaced, it comes again when the other is gone.
    fixture.chain.balances.set(payer, 0n);
    expect(await fixture.add(tx, "gossip")).to.equal(TxRefusalCode.REPLACEMENT_UNDERPRICED);
    expect(fixture.proofs.verified).to.equal(2);
    const other = buildTx();
    expect(await fixture.add({ ...other, proof: badProof }, "gossip")).to.equal(TxRefusalCode.INVALID_PROOF);
    expect(await fixture.add(other, "gossip")).to.equal("accepted");
  });

  it("proof: what is remembered is one proof, not every proof of a hash", async () => {
    const checker = new ProofChecker(
      { proofs: fixture.proofs, metrics: createTxPoolMetrics(fixture.meter) },
      { remembered: 2 },
    );
    const tx = buildTx();
    expect(await checker.verify(tx)).to.equal(true);
    expect(await checker.verify({ ...tx, proof: badProof })).to.equal(false);
    expect(await checker.verify(tx)).to.equal(true);
    expect(fixture.proofs.verified).to.equal(2);
    const counted = (valid: string) =>
      fixture.meter.values.get(`sprtn_tx_pool_proofs_verified_total${JSON.stringify({ valid })}`);
    expect([counted("true"), counted("false")]).to.deep.equal([1, 1]);
  });

  it("known: gossip is told so, a local sender gets the same answer again", async () => {
    const tx = buildTx();
    await fixture.add(tx);
    expect(await fixture.add(tx, "gossip")).to.equal(TxRefusalCode.KNOWN);
    expect(await fixture.add(tx, "local")).to.equal("accepted");
    await fixture.chain.add([tx]);
    expect(await fixture.add(tx, "local")).to.equal(TxRefusalCode.MINED);
  });

  it("known: a local sender hears nothing before it is on disk, a peer's copy is not passed on", async () => {
    const tx = buildTx();
    const first = fixture.pool.add(tx, "local");
    while (!fixture.pool.pendingCount()) await Promise.resolve();
    expect(fixture.storedCount()).to.equal(0);
    expect(await fixture.add({ ...tx, proof: badProof }, "gossip")).to.equal(TxRefusalCode.KNOWN);
    expect(await fixture.add(tx, "local")).to.equal("accepted");
    expect(fixture.storedCount()).to.equal(1);
    await first;
  });

  it("a node that is catching up takes nothing", async () => {
    fixture.chain.isSynced = false;
    await refuses(buildTx(), TxRefusalCode.NOT_SYNCED);
  });

  it("a chain that moves while the proof is verified is looked at again", async () => {
    const [tx, rival] = [buildTx(), buildTx()];
    const late = buildTx({ nullifiers: [rival.inputs.nullifiers[0], Field(6n)] });
    fixture.proofs.during = async () => {
      fixture.proofs.during = async () => {};
      await fixture.chain.add([tx, rival]);
    };
    expect(await fixture.add(late)).to.equal(TxRefusalCode.NULLIFIER_USED);
    expect(fixture.pool.pendingCount()).to.equal(0);
  });

  it("a transaction mined while its proof is verified is kept for provers (PEND-8)", async () => {
    const tx = buildTx();
    fixture.proofs.during = async () => void (await fixture.chain.add([tx]));
    expect(await fixture.add(tx, "gossip")).to.equal(TxRefusalCode.MINED);
    expect(await fixture.pool.get(tx.hash)).to.deep.equal(tx);
    await fixture.pool.stop();
    expect(fixture.storedCount()).to.equal(1);
  });

  it("a disk that fails is told, and the transaction is not in the pool", async () => {
    fixture.store.fails = true;
    const tx = buildTx();
    expect(await fixture.add(tx)).to.equal(TxRefusalCode.STORE_FAILED);
    expect(fixture.pool.pendingCount()).to.equal(0);
    expect(fixture.gossip.published).to.deep.equal([]);
  });

  it("every refusal says what to do", async () => {
    const admission = await fixture.pool.add(buildTx({ chainId: ZERO }), "local");
    expect(admission.accepted ? "" : admission.reason).to.contain("use a node of its network");
  });

  it("before it is started it refuses to work", async () => {
    await fixture.pool.stop();
    await fixture.pool.add(buildTx(), "local").then(
      () => expect.fail("accepted"),
      (error: { code: string }) => expect(error.code).to.equal("TX_POOL_NOT_STARTED"),
    );
  });
});
