import { Field } from "@sprtn/primitives";
import { encodeTx } from "@sprtn/protocol";
import { expect } from "chai";
import { badProof, buildTx, PoolFixture } from "./pool-fixture.test.js";
import { TxRefusalCode } from "./refusal.js";

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
