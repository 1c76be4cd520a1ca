import { Field, type FieldHasher, fieldToBytes } from "@sprtn/primitives";
import { decodeTx, encodeTx, type Tx } from "@sprtn/protocol";
import { ManualClock } from "@sprtn/runtime";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { FakeGossip } from "./fake-ports.test.js";
import { badProof, buildTx, PoolFixture } from "./pool-fixture.test.js";
import { TxRefusalCode } from "./refusal.js";
import { TxGossip } from "./tx-gossip.js";

describe("topic tx", () => {
  let fixture: PoolFixture;
  beforeEach(async () => {
    fixture = await PoolFixture.start();
  });

  it("accepts a valid transaction and does not publish it itself", async () => {
    const tx = buildTx();
    expect(await fixture.gossip.receive(encodeTx(tx))).to.deep.equal({ result: "accept" });
    expect(fixture.hashes()).to.deep.equal([tx.hash]);
    expect(fixture.gossip.published).to.deep.equal([]);
    expect(fixture.pool.stageOf(tx.hash)).to.deep.equal({ stage: "submitted" });
  });

  it("rejects what no honest peer passes on", async () => {
    for (const [data, code] of [
      [new Uint8Array(10), "PROTOCOL_BAD_TX"],
      [encodeTx(buildTx({ proof: badProof })), TxRefusalCode.INVALID_PROOF],
      [encodeTx(buildTx({ chainId: 9n })), TxRefusalCode.WRONG_CHAIN],
      [encodeTx(buildTx({ publicSender: Field(1n) })), "TX_SENDER_NOT_ALLOWED"],
      [encodeTx(buildTx({ encryptedNotesHash: Field(1n) })), TxRefusalCode.NOTES_HASH_WRONG],
    ] as const) {
      expect(await fixture.gossip.receive(data, code)).to.deep.equal({ result: "reject", code });
    }
  });

  it("logs at debug why a message cannot be decoded", async () => {
    await fixture.gossip.receive(new Uint8Array(10));
    const fields = fixture.logger.lines("debug").find(({ message }) => message === "malformed transaction")?.fields;
    expect(fields).to.deep.include({ code: "PROTOCOL_BAD_TX" });
    expect(fields?.reason).to.be.a("string").and.not.equal("");
  });

  it("ignores what an honest peer may pass on", async () => {
    const known = buildTx();
    await fixture.add(known);
    fixture.proofs.during = async () => {};
    for (const [tx, code] of [
      [known, TxRefusalCode.KNOWN],
      [buildTx({ anchorNoteHashRoot: Field(9n) }), TxRefusalCode.UNKNOWN_ANCHOR],
      [buildTx({ maxFee: 1n }), TxRefusalCode.MAX_FEE_TOO_LOW],
      [buildTx({ feePayer: Field(9n) }), TxRefusalCode.FEE_UNPAYABLE],
      [buildTx({ nullifiers: known.inputs.nullifiers }), TxRefusalCode.REPLACEMENT_UNDERPRICED],
    ] as const) {
      expect(await fixture.gossip.receive(encodeTx(tx))).to.deep.equal({ result: "ignore", code });
    }
    fixture.proofs.fails = true;
    expect(await fixture.gossip.receive(encodeTx(buildTx()))).to.deep.equal({
      result: "ignore",
      code: TxRefusalCode.PROOF_UNCHECKED,
    });
  });

  it("LIMIT-16: limits each peer by itself, and lets it send again after a while", async () => {
    const junk = new Uint8Array(1);
    for (let i = 0; i < 20; i++) expect((await fixture.gossip.receive(junk, "flooder")).result).to.equal("reject");
    expect(await fixture.gossip.receive(junk, "flooder")).to.deep.equal({
      result: "ignore",
      code: TxRefusalCode.PEER_LIMIT,
    });
    expect((await fixture.gossip.receive(encodeTx(buildTx()), "other")).result).to.equal("accept");
    await fixture.clock.advance(1_000);
    expect((await fixture.gossip.receive(junk, "flooder")).result).to.equal("reject");
  });

  it("LIMIT-16: a peer that sends a transaction with one proof after another pays for each but the first", async () => {
    const tx = buildTx();
    const withProof = (byte: number) => encodeTx({ ...tx, proof: new Uint8Array(tx.proof.length).fill(byte) });
    expect(await fixture.gossip.receive(encodeTx(tx), "first")).to.deep.equal({ result: "accept" });
    const known = { result: "ignore", code: TxRefusalCode.KNOWN };
    const blamed = { result: "ignore", code: TxRefusalCode.SECOND_FORM, penalty: "mild" };
    expect(await fixture.gossip.receive(withProof(1), "flooder")).to.deep.equal(known);
    expect(await fixture.gossip.receive(withProof(2), "flooder")).to.deep.equal(blamed);
    expect(await fixture.gossip.receive(withProof(3), "flooder")).to.deep.equal(blamed);
    // The one that it sent first may come again, and each peer may have another.
    expect(await fixture.gossip.receive(withProof(1), "flooder")).to.deep.equal(known);
    expect(await fixture.gossip.receive(withProof(2), "honest")).to.deep.equal(known);
    expect(await fixture.gossip.receive(encodeTx(buildTx()), "flooder")).to.deep.equal({ result: "accept" });
  });

  /** Gossip alone, before a pool that takes nothing and with a cheap hash. */
  function gossipAlone(settings: { readonly peerBurst: number; readonly peerTxsPerSecond: number }) {
    const hasher = {
      hash: (values: readonly Field[]) => Field(values.reduce((sum, value) => (2n * sum + value) % 2n ** 250n, 1n)),
    } as FieldHasher;
    let admitted = 0;
    const gossip = new TxGossip(
      {
        gossip: new FakeGossip(),
        decoder: { decode: bytes => decodeTx(hasher, bytes) },
        clock: new ManualClock(),
        logger: new MemoryLogger(),
        admit: async () => (admitted++, { accepted: false, code: TxRefusalCode.KNOWN, reason: "" }),
      },
      settings,
    );
    const judge = async (data: Uint8Array, from = "peer") => {
      const verdict = await gossip.judge({ data, from });
      return verdict.result === "accept" ? "accept" : verdict.code;
    };
    return { judge, admitted: () => admitted };
  }

  it("LIMIT-16: of 1,000 peers the rate is remembered, of those that sent last", async () => {
    const { judge } = gossipAlone({ peerBurst: 1, peerTxsPerSecond: 1 });
    const junk = new Uint8Array(1);
    await judge(junk, "first");
    for (let n = 1; n < 1_000; n++) await judge(junk, `other ${n}`);
    expect(await judge(junk, "first")).to.equal(TxRefusalCode.PEER_LIMIT);
    for (let n = 0; n < 1_000; n++) await judge(junk, `other ${n}`);
    expect(await judge(junk, "first")).to.equal("PROTOCOL_BAD_TX");
  });

  it("LIMIT-16: of 32,768 transactions the first form is remembered, of those that were sent last", async () => {
    const { judge, admitted } = gossipAlone({ peerBurst: 100_000, peerTxsPerSecond: 1 });
    const tx = buildTx({ proof: new Uint8Array(1) });
    const form = (proof: number): Tx => ({ ...tx, proof: Uint8Array.of(proof) });
    const encoded = encodeTx(tx);
    const at = Buffer.from(encoded).indexOf(fieldToBytes(tx.inputs.nullifiers[0]).toReversed());
    const other = (number: number) => {
      const copy = Uint8Array.from(encoded);
      new DataView(copy.buffer).setUint32(at + 8, number);
      return copy;
    };
    expect(await judge(encodeTx(form(1)))).to.equal(TxRefusalCode.KNOWN);
    for (let n = 1; n < 32_768; n++) await judge(other(n));
    expect(admitted()).to.equal(32_768);
    expect(await judge(encodeTx(form(2)))).to.equal(TxRefusalCode.SECOND_FORM);
    for (let n = 0; n < 32_768; n++) await judge(other(100_000 + n));
    expect(await judge(encodeTx(form(2)))).to.equal(TxRefusalCode.KNOWN);
  });

  it("publishes what is local, again each second until a peer takes it", async () => {
    fixture.gossip.fails = true;
    const tx = buildTx();
    await fixture.add(tx);
    await fixture.clock.advance(0);
    expect(fixture.pool.stageOf(tx.hash)).to.deep.equal({ stage: "executed" });
    fixture.gossip.fails = false;
    await fixture.clock.advance(1_000);
    expect(fixture.gossip.published).to.deep.equal([encodeTx(tx)]);
    expect(fixture.pool.stageOf(tx.hash)).to.deep.equal({ stage: "submitted" });
    await fixture.clock.advance(10_000);
    expect(fixture.gossip.published.length).to.equal(1);
  });
});
