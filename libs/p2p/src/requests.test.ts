import { expect } from "chai";
import { CodedError } from "@sprtn/primitives";
import type { Clock } from "@sprtn/ports";
import { requestProtocolId } from "./network.js";
import type { P2pNode } from "./p2p-node.js";
import { REQUEST_LIMITS } from "./request-limits.js";
import { codeOf, errorOf } from "./test/coded.js";
import { acceptedPeers, gone, LocalNetwork, NETWORK, realClock } from "./test/local-network.js";
import { RawPeer } from "./test/raw-peer.js";

/** Time that runs `factor` times as fast: so a peer's silence is noticed soon. */
class HastyClock implements Clock {
  factor = 1;

  nowMs(): number {
    return realClock.nowMs();
  }

  steadyMs(): number {
    return realClock.steadyMs();
  }

  schedule(delayMs: number, callback: () => void): () => void {
    return realClock.schedule(delayMs / this.factor, callback);
  }
}

const MiB = 1024 * 1024;

describe("requests", () => {
  const network = new LocalNetwork();
  const raws: RawPeer[] = [];

  afterEach(async () => {
    await Promise.all(raws.splice(0).map(peer => peer.stop()));
    await network.stop();
  });

  async function pair(): Promise<readonly [P2pNode, P2pNode]> {
    const { node: a } = await network.started();
    const { node: b } = await network.started({ bootstrapNodes: a.addresses().slice(0, 1) });
    await Promise.all([acceptedPeers(a, 1), acceptedPeers(b, 1)]);
    return [a, b];
  }

  async function withRaw(): Promise<{
    clock: HastyClock;
    node: P2pNode;
    raw: RawPeer;
    connection: Awaited<ReturnType<RawPeer["connect"]>>;
  }> {
    const clock = new HastyClock();
    const { node } = await network.started({}, { clock });
    const raw = await RawPeer.start();
    raws.push(raw);
    const connection = await raw.connect(node);
    await acceptedPeers(node, 1);
    return { clock, node, raw, connection };
  }

  it("carries the largest answers, and refuses to send larger ones", async () => {
    const [a, b] = await pair();
    a.serve("txs", async ({ data }) => new Uint8Array(4 * MiB + (data[0] ?? 0)).fill(3));
    const txs = await b.request(a.peerId, { protocol: "txs", data: new Uint8Array(64 * 1024) });
    expect([txs.length, txs.at(-1)]).to.deep.equal([4 * MiB, 3]);
    expect(await errorOf(b.request(a.peerId, { protocol: "txs", data: Uint8Array.of(1) }))).to.deep.include({
      code: "P2P_REFUSED",
      payload: { peer: a.peerId, protocol: "txs", remoteCode: "P2P_TOO_LARGE" },
    });
    expect(await codeOf(b.request(a.peerId, { protocol: "txs", data: new Uint8Array(64 * 1024 + 1) }))).to.equal(
      "P2P_TOO_LARGE",
    );
  });

  it("names what the peer refused with", async () => {
    const [a, b] = await pair();
    expect((await errorOf(b.request(a.peerId, { protocol: "txs", data: new Uint8Array() }))).payload).to.include({
      remoteCode: "P2P_NOT_SERVED",
    });
    a.serve("txs", async () => {
      throw new CodedError("not a code\n", "text");
    });
    expect((await errorOf(b.request(a.peerId, { protocol: "txs", data: new Uint8Array() }))).payload).to.include({
      remoteCode: "UNEXPECTED",
    });
  });

  it("answers ping, and serves each peer so often only", async () => {
    const [a, b] = await pair();
    const codes: (string | undefined)[] = [];
    for (let i = 0; i < 12; i++) {
      codes.push(
        await b.request(a.peerId, { protocol: "ping", data: Uint8Array.of(i) }).then(
          answer => `${answer[0]}`,
          (error: { code?: string }) => error.code,
        ),
      );
    }
    expect(codes.slice(0, 10)).to.deep.equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    expect(codes.at(-1)).to.equal("P2P_RATE_LIMITED");
  });

  it("serves a peer so many requests at once only", async () => {
    const [a, b] = await pair();
    const { maxConcurrentPerPeer } = REQUEST_LIMITS.txs;
    const held = Promise.withResolvers<Uint8Array>();
    const full = Promise.withResolvers<void>();
    let running = 0;
    a.serve("txs", () => {
      if (++running === maxConcurrentPerPeer) full.resolve();
      return held.promise;
    });
    const ask = () => b.request(a.peerId, { protocol: "txs", data: new Uint8Array() });
    const waiting = Array.from({ length: maxConcurrentPerPeer }, ask);
    await full.promise;
    expect(await codeOf(ask())).to.equal("P2P_RATE_LIMITED");
    held.resolve(Uint8Array.of(1));
    expect((await Promise.all(waiting)).map(answer => answer[0])).to.deep.equal(waiting.map(() => 1));
  });

  it("tells a peer that leaves in the middle from one that is silent", async () => {
    const { clock, node, raw } = await withRaw();
    await raw.answer("ping", async () => {});
    clock.factor = 100;
    expect(await codeOf(node.request(raw.id, { protocol: "ping", data: new Uint8Array() }))).to.equal("P2P_TIMEOUT");
    clock.factor = 1;
    await raw.answer("txs", async stream => stream.abort(new RangeError("gone")));
    expect(await codeOf(node.request(raw.id, { protocol: "txs", data: new Uint8Array() }))).to.equal("P2P_PEER_GONE");
    await raw.libp2p.stop();
    await gone(node, raw.id);
    expect(await codeOf(node.request(raw.id, { protocol: "txs", data: new Uint8Array() }))).to.equal("P2P_PEER_GONE");
  });

  it("charges a peer for answers that break the protocol", async () => {
    const cases = [
      { bytes: Uint8Array.of(1, 77), code: "P2P_MALFORMED" },
      { bytes: Uint8Array.of(0), code: "P2P_MALFORMED" },
      { bytes: Uint8Array.of(4, 1, 97, 98, 99), code: "P2P_MALFORMED" },
      { bytes: Uint8Array.of(0xff, 0xff, 0x7f, 0), code: "P2P_TOO_LARGE" },
    ];
    const { node, raw } = await withRaw();
    let next = 0;
    await raw.answer("ping", async stream => {
      stream.send(cases[next]?.bytes as Uint8Array);
      await stream.close();
    });
    for (; next < cases.length; next++)
      expect(await codeOf(node.request(raw.id, { protocol: "ping", data: new Uint8Array() })), String(next)).to.equal(
        cases[next]?.code,
      );
    expect(node.peersInfo()[0]?.score).to.be.closeTo(-60, 0.1);
  });

  it("does not charge a peer for an answer that ends in its midst: it may have crashed", async () => {
    const { node, raw } = await withRaw();
    for (const bytes of [Uint8Array.of(9, 0), new Uint8Array(7).fill(0xff), new Uint8Array()]) {
      await raw.answer("ping", async stream => {
        stream.send(bytes);
        await stream.close();
      });
      const asked = node.request(raw.id, { protocol: "ping", data: new Uint8Array() });
      expect(await codeOf(asked)).to.equal("P2P_PEER_GONE");
      await raw.libp2p.unhandle(requestProtocolId(NETWORK, "ping"));
    }
    expect(node.peersInfo()[0]?.score).to.be.at.least(0);
  });

  it("drops requests that are too large, unfinished or cut off, and serves the next", async () => {
    const { clock, node, raw, connection } = await withRaw();
    node.serve("txs", async ({ data }) => data);
    await errorOf(raw.ask(connection, "txs", { bytes: Uint8Array.of(0x81, 0x80, 0x04, 0) }));
    await errorOf(raw.ask(connection, "txs", { bytes: Uint8Array.of(5, 1) }));
    clock.factor = 100;
    await errorOf(raw.ask(connection, "txs", { bytes: Uint8Array.of(5, 1), end: false }));
    clock.factor = 1;
    await errorOf(raw.ask(connection, "txs", { bytes: new Uint8Array(100).fill(0xff) }));
    expect([...(await raw.ask(connection, "txs", { bytes: Uint8Array.of(2, 7, 8) }))]).to.deep.equal([0, 7, 8]);
    // For the one that is too large: a peer that stops in the middle of a request may have crashed.
    expect(node.peersInfo()[0]?.score).to.be.closeTo(-15, 0.1);
  });
});
