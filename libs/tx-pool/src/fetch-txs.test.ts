import { concatBytes, Field } from "@sprtn/primitives";
import {
  constants,
  decodeTxRequest,
  decodeTxResponse,
  encodeTx,
  encodeTxRequest,
  encodeTxResponse,
  type Tx,
} from "@sprtn/protocol";
import { expect } from "chai";
import { FakeMeter } from "./fake-ports.test.js";
import { badProof, buildTx, PoolFixture } from "./pool-fixture.test.js";
import { TxRefusalCode } from "./refusal.js";
import { MAX_ANSWER_BYTES, serveTxs } from "./serve-txs.js";
import { createTxPoolMetrics } from "./tx-pool-metrics.js";

const never = () => new Promise<Uint8Array>(() => {});
const has =
  (...txs: readonly Tx[]) =>
  async (data: Uint8Array) => {
    const asked = decodeTxRequest(data);
    return encodeTxResponse(txs.filter(tx => asked.includes(tx.hash)));
  };

describe("protocol txs", () => {
  let fixture: PoolFixture;
  beforeEach(async () => {
    fixture = await PoolFixture.start();
  });
  const signal = () => new AbortController().signal;

  it("serves pending and mined ones, and leaves out what it has not", async () => {
    const [pending, mined] = [buildTx(), buildTx()];
    await fixture.add(pending);
    await fixture.add(mined);
    await fixture.chain.add([mined]);
    const answer = await fixture.requests.handler!({
      data: encodeTxRequest([mined.hash, Field(1n), pending.hash]),
      from: "peer",
    });
    expect(decodeTxResponse(answer)).to.deep.equal([encodeTx(mined), encodeTx(pending)]);
  });

  it("LIMIT-20: refuses a malformed request with its code, and stops at the limit of bytes", async () => {
    await fixture.requests.handler!({ data: new Uint8Array(3), from: "peer" }).then(
      () => expect.fail("answered"),
      (error: { code: string }) => expect(error.code).to.equal("PROTOCOL_BAD_MESSAGE"),
    );
    const txs = [buildTx(), buildTx(), buildTx()];
    const serve = serveTxs(
      { find: hash => txs.find(tx => tx.hash === hash), metrics: createTxPoolMetrics(new FakeMeter()) },
      { maxAnswerBytes: 2 * (encodeTx(txs[0]!).length + 4) },
    );
    const answer = await serve({ data: encodeTxRequest(txs.map(tx => tx.hash)), from: "peer" });
    expect(decodeTxResponse(answer).length).to.equal(2);
  });

  it("LIMIT-20: takes 128 hashes a request and no more", async () => {
    const most = encodeTxRequest(Array.from({ length: 128 }, (_, n) => Field(BigInt(n + 1))));
    const ask = (data: Uint8Array) =>
      fixture.requests.handler!({ data, from: "peer" }).then(
        () => "answered",
        (error: { code: string }) => error.code,
      );
    const more = concatBytes(most, encodeTxRequest([Field(129n)]));
    expect([await ask(most), await ask(more)]).to.deep.equal(["answered", "PROTOCOL_BAD_MESSAGE"]);
  });

  it("LIMIT-20: answers with 2 MiB at most", async () => {
    const txs = Array.from({ length: 128 }, () => buildTx({ proof: new Uint8Array(constants.MAX_PROOF_BYTES) }));
    const serve = serveTxs(
      { find: hash => txs.find(tx => tx.hash === hash), metrics: createTxPoolMetrics(new FakeMeter()) },
      { maxAnswerBytes: MAX_ANSWER_BYTES },
    );
    const answer = await serve({ data: encodeTxRequest(txs.map(tx => tx.hash)), from: "peer" });
    const ofOne = encodeTx(txs[0]!).length + 4;
    expect(decodeTxResponse(answer).length)
      .to.equal(Math.floor((2 * 1024 * 1024) / ofOne))
      .and.below(128);
  });

  it("finds what is here without asking anyone", async () => {
    const tx = buildTx();
    await fixture.add(tx);
    fixture.requests.answers.set("a", never);
    expect(await fixture.pool.fetch([tx.hash], signal())).to.deep.equal(new Map([[tx.hash, tx]]));
    expect(fixture.requests.asked).to.deep.equal([]);
  });

  it("asks the best peers first, takes each transaction from who has it, and keeps it", async () => {
    const [one, two] = [buildTx(), buildTx()];
    fixture.requests.answers.set("a", has(one)).set("b", has(two)).set("c", never);
    const found = await fixture.pool.fetch([one.hash, two.hash], signal());
    expect([...found.keys()]).to.have.members([one.hash, two.hash]);
    expect(fixture.requests.asked.slice(0, 2)).to.deep.equal(["a", "b"]);
    expect(fixture.requests.penalties).to.deep.equal([]);
    expect(fixture.proofs.verified).to.equal(2);
    // They are in the pool too, their proofs verified once.
    await fixture.clock.advance(0);
    expect(fixture.hashes()).to.have.members([one.hash, two.hash]);
    expect(fixture.proofs.verified).to.equal(2);
    expect(fixture.gossip.published).to.deep.equal([]);
  });

  it("what the pool does not take is found all the same, and kept once it is mined", async () => {
    const rival = buildTx({ tip: 90n });
    await fixture.add(rival);
    const tx = buildTx({ nullifiers: rival.inputs.nullifiers });
    fixture.requests.answers.set("a", has(tx));
    expect((await fixture.pool.fetch([tx.hash], signal())).get(tx.hash)).to.deep.equal(tx);
    await fixture.chain.add([tx]);
    expect(fixture.pool.pendingCount()).to.equal(0);
    await fixture.restart();
    expect(await fixture.pool.get(tx.hash)).to.deep.equal(tx);
  });

  it("costs a peer its score to give wrong things, and the right ones are found elsewhere", async () => {
    const tx = buildTx();
    const wrongs: readonly [(data: Uint8Array) => Promise<Uint8Array>, string][] = [
      [async () => new Uint8Array([1, 2, 3, 4]), "PROTOCOL_BAD_MESSAGE"],
      [async () => encodeTxResponse([buildTx()]), TxRefusalCode.NOT_ASKED],
      [has({ ...tx, proof: badProof }), TxRefusalCode.INVALID_PROOF],
      [async () => encodeTxResponse([tx, tx]), TxRefusalCode.NOT_ASKED],
    ];
    for (const [answer, code] of wrongs) {
      const { pool, requests } = await PoolFixture.start({ fetchParallel: 1 });
      requests.answers.set("bad", answer).set("good", has(tx));
      const found = await pool.fetch([tx.hash], signal());
      expect(found.get(tx.hash)).to.deep.equal(tx);
      expect(requests.penalties).to.deep.equal([`bad severe ${code}`]);
    }
  });

  it("an empty answer is not a fault; a peer that is too slow is, a little", async () => {
    const slow = await PoolFixture.start({ fetchParallel: 1 });
    const tx = buildTx();
    slow.requests.answers.set("empty", has()).set("slow", never).set("good", has(tx));
    const fetched = slow.pool.fetch([tx.hash], signal());
    await slow.clock.advance(1_000);
    expect((await fetched).size).to.equal(1);
    expect(slow.requests.penalties).to.deep.equal(["slow mild RUNTIME_TIMEOUT"]);
  });

  it("does not wait for a slow peer once all is found, nor blames it", async () => {
    const tx = buildTx();
    fixture.requests.answers.set("slow", never).set("good", has(tx));
    expect((await fixture.pool.fetch([tx.hash], signal())).size).to.equal(1);
    expect(fixture.requests.penalties).to.deep.equal([]);
  });

  it("asks again, also for what only gossip brings, until the signal aborts", async () => {
    const [tx, lost] = [buildTx(), buildTx()];
    fixture.requests.answers.set("a", has());
    const controller = new AbortController();
    const fetched = fixture.pool.fetch([tx.hash, lost.hash], controller.signal);
    await fixture.clock.advance(100);
    await fixture.add(tx, "gossip");
    await fixture.clock.advance(300);
    expect(fixture.requests.asked.length).to.be.greaterThan(2);
    controller.abort();
    expect([...(await fetched).keys()]).to.deep.equal([tx.hash]);
  });

  it("LIMIT-18: asks less and less for what nobody has, so that peers still serve the next proposal's", async () => {
    const tx = buildTx();
    const { pool, requests, clock } = await PoolFixture.start({ fetchPauseMs: 250 });
    requests.answers.set("a", has());
    const controller = new AbortController();
    const searches = [buildTx(), buildTx()].map(({ hash }) => pool.fetch([hash], controller.signal));
    for (let n = 0; n < 32; n++) await clock.advance(250);
    // Two false proposals in a slot of eight seconds: a peer takes a burst of 20, and 40 more meanwhile.
    expect(requests.asked.length).to.be.within(8, 20);
    requests.answers.set("a", has(tx));
    expect((await pool.fetch([tx.hash], signal())).size).to.equal(1);
    controller.abort();
    await Promise.all(searches);
  });

  it("LIMIT-18: asks every two seconds at least, however long nobody has had it", async () => {
    const tx = buildTx();
    const { pool, requests, clock } = await PoolFixture.start({ fetchPauseMs: 250 });
    requests.answers.set("a", has());
    const found = pool.fetch([tx.hash], signal());
    for (let n = 0; n < 4 * 120; n++) await clock.advance(250);
    requests.answers.set("a", has(tx));
    const asked = requests.asked.length;
    for (let n = 0; n < 4 * 2; n++) await clock.advance(250);
    expect(requests.asked.length - asked).to.equal(1);
    expect((await found).size).to.equal(1);
  });

  it("asks for many in several requests", async () => {
    const txs = Array.from({ length: 130 }, () => buildTx());
    const sizes: number[] = [];
    fixture.requests.answers.set("a", async data => {
      sizes.push(decodeTxRequest(data).length);
      return has(...txs)(data);
    });
    expect(
      (
        await fixture.pool.fetch(
          txs.map(tx => tx.hash),
          signal(),
        )
      ).size,
    ).to.equal(130);
    expect(sizes).to.deep.equal([128, 2]);
  });
});
