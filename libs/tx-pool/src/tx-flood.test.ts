import { Field, fieldToBytes } from "@sprtn/primitives";
import { constants, encodeTx, type Tx } from "@sprtn/protocol";
import { expect } from "chai";
import { ProofChecker } from "./admission/proof-checker.js";
import { FakeMeter, FakeProofs } from "./fake-ports.test.js";
import { badProof, buildTx, PoolFixture } from "./pool-fixture.test.js";
import { TxRefusalCode } from "./refusal.js";
import { createTxPoolMetrics } from "./tx-pool-metrics.js";

const FLOOD = 16_000;
const BURST = 500;

/** The transaction's bytes with another proof, which its hash leaves out. */
function withProof(encoded: Uint8Array, number: number): Uint8Array {
  const copy = Uint8Array.from(encoded);
  new DataView(copy.buffer).setUint32(copy.length - constants.CLIENT_PROOF_BYTES + 4, number);
  return copy;
}

/** Another transaction for each number, of a fee that the pool takes and a proof that does not verify. */
function withBadProof(): (number: number) => Uint8Array {
  const tx = buildTx({ tip: 900n, proof: badProof });
  const encoded = encodeTx(tx);
  const at = Buffer.from(encoded).indexOf(fieldToBytes(tx.inputs.nullifiers[0]).toReversed());
  return number => {
    const copy = Uint8Array.from(encoded);
    new DataView(copy.buffer).setUint32(at + 8, 1 + number);
    return copy;
  };
}

describe("a flood of transactions from one peer", () => {
  const honest: Tx[] = [];
  let fixture: PoolFixture;
  beforeEach(async () => {
    fixture = await PoolFixture.start({ maxTxs: 20, peerBurst: BURST, peerTxsPerSecond: 100 });
    honest.splice(0, honest.length, ...Array.from({ length: 20 }, (_, i) => buildTx({ tip: BigInt(i + 1) })));
    for (const tx of honest) await fixture.add(tx);
    fixture.proofs.verified = 0;
  });

  /** As fast as the peer can, `perStep` at once; time stands still. */
  async function flood(messages: readonly Uint8Array[], perStep = 1_000): Promise<Map<string, number>> {
    const results = new Map<string, number>();
    for (let at = 0; at < messages.length; at += perStep)
      for (const { result } of await Promise.all(
        messages.slice(at, at + perStep).map(data => fixture.gossip.receive(data, "flooder")),
      ))
        results.set(result, (results.get(result) ?? 0) + 1);
    return results;
  }

  /** The pool holds what it held, and other peers are heard. */
  async function expectUnharmed(): Promise<void> {
    expect(fixture.hashes()).to.have.members(honest.map(tx => tx.hash));
    const better = buildTx({ tip: 50n });
    expect(await fixture.gossip.receive(encodeTx(better), "other")).to.deep.equal({ result: "accept" });
    expect(fixture.hashes()[0]).to.equal(better.hash);
  }

  it("the same one 16,000 times: no proof is verified, nothing is written, nobody is displaced", async () => {
    const data = encodeTx(honest[0]!);
    const operations = fixture.store.operations;
    expect(await flood(Array.from({ length: FLOOD }, () => data))).to.deep.equal(new Map([["ignore", FLOOD]]));
    expect([fixture.proofs.verified, fixture.store.operations - operations]).to.deep.equal([0, 0]);
    await expectUnharmed();
  });

  it("the same one with 16,000 other proofs: no proof is verified", async () => {
    const data = encodeTx(honest[0]!);
    await flood(Array.from({ length: FLOOD }, (_, i) => withProof(data, i)));
    expect(fixture.proofs.verified).to.equal(0);
    await expectUnharmed();
  });

  it("LIMIT-19: of 16,000 whose proofs do not verify ten cost a verification, whatever they pay", async () => {
    const other = withBadProof();
    await flood(
      Array.from({ length: FLOOD }, (_, i) => other(i)),
      1,
    );
    // 51 units each of 500, and the last one goes into debt.
    expect(fixture.proofs.verified).to.equal(10);
    await expectUnharmed();
  });

  it("sent all at once: as many as its burst are judged, and it pays for them afterwards", async () => {
    const other = withBadProof();
    await flood(
      Array.from({ length: FLOOD }, (_, i) => other(i)),
      FLOOD,
    );
    expect(fixture.proofs.verified).to.be.at.most(BURST);
    const before = fixture.proofs.verified;
    for (let second = 0; second < 5; second++) {
      await fixture.clock.advance(1_000);
      await flood(Array.from({ length: 200 }, (_, i) => other(FLOOD + 1000 * second + i)));
    }
    expect(fixture.proofs.verified - before, "in debt").to.equal(0);
    await expectUnharmed();
  });

  it("no more than its burst is kept in memory while proofs are slow, however long that is", async () => {
    const gate = Promise.withResolvers<void>();
    fixture.proofs.during = () => gate.promise;
    const other = withBadProof();
    const answers: Promise<{ result: string; code?: string }>[] = [];
    for (let second = 0; second < 20; second++) {
      for (let i = 0; i < 200; i++) answers.push(fixture.gossip.receive(other(1000 * second + i), "flooder"));
      await fixture.clock.advance(1_000);
    }
    expect(fixture.proofs.verified).to.be.at.most(BURST);
    gate.resolve();
    const refused = (await Promise.all(answers)).filter(answer => answer.code === TxRefusalCode.PEER_LIMIT);
    expect(refused.length).to.equal(answers.length - BURST);
  });

  it("16,000 distinct ones that no chain could take: each is refused before its proof", async () => {
    const messages = Array.from({ length: 700 }, (_, i) => encodeTx(buildTx({ chainId: BigInt(i), tip: 900n })));
    const anchors = Array.from({ length: 300 }, (_, i) => encodeTx(buildTx({ anchorNoteHashRoot: Field(i) })));
    const rest = Array.from({ length: FLOOD - 1000 }, () => messages[0]!);
    await flood([...anchors, ...messages, ...rest]);
    expect(fixture.proofs.verified).to.equal(0);
    await expectUnharmed();
  });

  it("LIMIT-19: a proof that several peers send at once is verified once", async () => {
    const gate = Promise.withResolvers<void>();
    fixture.proofs.during = () => gate.promise;
    const data = encodeTx(buildTx({ tip: 50n }));
    const answers = ["a", "b", "c"].map(peer => fixture.gossip.receive(data, peer));
    gate.resolve();
    expect((await Promise.all(answers)).map(({ result }) => result).toSorted()).to.deep.equal([
      "accept",
      "ignore",
      "ignore",
    ]);
    expect(fixture.proofs.verified).to.equal(1);
  });

  it("LIMIT-19: two are remembered for each place in the pool", async () => {
    for (const [others, verified] of [
      [1, 2],
      [2, 4],
    ] as const) {
      const small = await PoolFixture.start({ maxTxs: 1 });
      const first = buildTx({ tip: 1n });
      const better = Array.from({ length: others }, (_, n) => buildTx({ tip: BigInt(n + 2) }));
      for (const tx of [first, ...better]) expect(await small.add(tx)).to.equal("accepted");
      await small.chain.add([better.at(-1)!]);
      expect(await small.add(first)).to.equal("accepted");
      expect(small.proofs.verified, `${others} others`).to.equal(verified);
    }
  });

  it("LIMIT-19: so many valid proofs are remembered, those used last", async () => {
    const proofs = new FakeProofs();
    const checker = new ProofChecker({ proofs, metrics: createTxPoolMetrics(new FakeMeter()) }, { remembered: 3 });
    const txs = Array.from({ length: 4 }, () => buildTx());
    const [first, second, third, fourth] = txs as [Tx, Tx, Tx, Tx];
    for (const tx of [first, second, third, first, fourth]) expect(await checker.verify(tx)).to.equal(true);
    expect(proofs.verified).to.equal(4);
    for (const tx of [first, third, fourth]) await checker.verify(tx);
    expect(proofs.verified).to.equal(4);
    await checker.verify(second);
    expect(proofs.verified).to.equal(5);
  });
});
