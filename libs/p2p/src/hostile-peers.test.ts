import { expect } from "chai";
import { messageOf } from "@sprtn/primitives";
import type { ValidationResult } from "@sprtn/ports";
import type { P2pNode } from "./p2p-node.js";
import { encodeStatus } from "./status-message.js";
import { acceptedPeers, gone, LocalNetwork, NETWORK, parted, subscribed } from "./test/local-network.js";
import { RawPeer } from "./test/raw-peer.js";

const bytes = (value: string) => new TextEncoder().encode(value);
const OTHER = { chainId: NETWORK.chainId, rollupVersion: NETWORK.rollupVersion + 1n };

describe("hostile peers", () => {
  const network = new LocalNetwork();
  const raws: RawPeer[] = [];

  async function raw(status?: Uint8Array): Promise<RawPeer> {
    const peer = await RawPeer.start(status);
    raws.push(peer);
    return peer;
  }

  afterEach(async () => {
    await Promise.all(raws.splice(0).map(peer => peer.stop()));
    await network.stop();
  });

  /** A node that hands each tx to `judge`, and a raw peer connected to it. */
  async function victim(judge: (data: Uint8Array) => ValidationResult): Promise<{ node: P2pNode; attacker: RawPeer }> {
    const { node } = await network.started();
    node.subscribe("tx", ({ data }) => judge(data));
    const attacker = await raw();
    await attacker.connect(node);
    await Promise.all([acceptedPeers(node, 1), attacker.seesSubscriber()]);
    return { node, attacker };
  }

  it("rejected messages cost score until the peer is sent away, and it may not come back", async () => {
    const { node, attacker } = await victim(() => ({ result: "reject", code: "TX_BAD_PROOF" }));
    const left = gone(node, attacker.id);
    for (let i = 0; i < 10; i++) await attacker.publish(bytes(`bad ${i}`));
    expect(await attacker.goodbye).to.equal("TX_BAD_PROOF");
    await left;
    expect(node.peers()).to.deep.equal([]);
    await attacker.alone();
    const events: string[] = [];
    node.onPeer(({ type }) => events.push(type));
    const connection = await attacker.connect(node).catch(() => undefined);
    if (connection?.status === "open")
      await new Promise(resolve => connection.addEventListener("close", resolve, { once: true }));
    expect(events).to.deep.equal([]);
  });

  it("penalties of stations count too, and move a peer to the end", async () => {
    const { node, attacker } = await victim(() => ({ result: "accept" }));
    const { node: good } = await network.started({ bootstrapNodes: node.addresses().slice(0, 1) });
    await acceptedPeers(node, 2);
    node.penalize(attacker.id, "mild", "TXS_NOT_FOUND");
    expect(node.peers()).to.deep.equal([good.peerId, attacker.id]);
    expect(node.peersInfo().find(({ peer }) => peer === attacker.id)?.score).to.be.closeTo(-5, 0.01);
    const left = gone(node, attacker.id);
    node.penalize(attacker.id, "severe", "TXS_WRONG");
    node.penalize(attacker.id, "severe", "TXS_WRONG");
    expect(await attacker.goodbye).to.equal("TXS_WRONG");
    await left;
  });

  it("penalties of who is not there change nothing", async () => {
    const { node } = network.create();
    for (let i = 0; i < 3; i++) node.penalize("nobody", "severe", "TXS_WRONG");
    await node.start(new AbortController().signal);
    node.penalize("nobody", "severe", "TXS_WRONG");
    expect(node.peersInfo()).to.deep.equal([]);
  });

  it("a message above its topic's size never reaches the handler and costs score", async () => {
    const seen: number[] = [];
    const { promise: sentinel, resolve } = Promise.withResolvers<void>();
    const { node, attacker } = await victim(data => {
      seen.push(data.length);
      if (data.length < 100) resolve();
      return { result: "accept" };
    });
    await attacker.publish(new Uint8Array(64 * 1024 + 1));
    await attacker.publish(new Uint8Array(64 * 1024));
    await attacker.publish(bytes("sentinel"));
    await sentinel;
    expect(seen).to.deep.equal([64 * 1024, 8]);
    expect(node.peersInfo()[0]?.score).to.be.below(-9);
  });

  it("frames that are garbage or too large harm nobody else", async () => {
    const heard = Promise.withResolvers<void>();
    const { node, attacker } = await victim(data => {
      if (new TextDecoder().decode(data) === "still here") heard.resolve();
      return { result: "accept" };
    });
    const { node: honest } = await network.started({ bootstrapNodes: node.addresses().slice(0, 1) });
    await subscribed(honest, "tx", 1);
    const [connection] = attacker.libp2p.getConnections();
    for (const frame of [
      Uint8Array.of(5, 255, 255, 255, 255, 255),
      Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
      Uint8Array.of(0x80, 0x80, 0x80, 0x08, 1, 2, 3),
      new Uint8Array(100_000).fill(7),
    ]) {
      const stream = await connection?.newStream("/meshsub/1.2.0");
      stream?.send(frame);
    }
    await honest.publish("tx", bytes("still here"));
    await heard.promise;
    expect(node.peers()).to.include(honest.peerId);
  });

  it("a flood from one peer stops neither the others nor the node, and the peer is sent away", async () => {
    const honestMessages = new Set<string>();
    const all = Promise.withResolvers<void>();
    const { node, attacker } = await victim(data => {
      const text = new TextDecoder().decode(data);
      if (text.startsWith("honest")) honestMessages.add(text);
      if (honestMessages.size === 50) all.resolve();
      return { result: "accept" };
    });
    const { node: honest } = await network.started({ bootstrapNodes: node.addresses().slice(0, 1) });
    await subscribed(honest, "tx", 1);
    const flood = (async () => {
      for (let i = 0; i < 5_000; i++) await attacker.publish(bytes(`flood ${i} ${"x".repeat(500)}`));
    })();
    for (let i = 0; i < 50; i++) await honest.publish("tx", bytes(`honest ${i}`));
    await Promise.all([all.promise, flood]);
    expect(await attacker.goodbye).to.equal("P2P_RATE_LIMITED");
    await gone(node, attacker.id);
    expect(node.peers()).to.deep.equal([honest.peerId]);
  });

  it("a handler's throw ignores the message, costs nobody and is logged with its code", async () => {
    const { node, lines } = await network.started();
    const called = Promise.withResolvers<void>();
    node.subscribe("tx", ({ data }) => {
      if (new TextDecoder().decode(data) === "next") called.resolve();
      else throw new RangeError("a bug of ours");
      return { result: "accept" };
    });
    const peer = await raw();
    await peer.connect(node);
    await peer.seesSubscriber();
    await peer.publish(bytes("first"));
    await peer.publish(bytes("next"));
    await called.promise;
    expect(node.peersInfo()[0]?.score).to.be.at.least(0);
    const told = lines.filter(({ level, fields }) => level === "verbose" && fields?.["code"] === "UNEXPECTED");
    expect(told.map(({ fields }) => fields)).to.deep.equal([
      { topic: "tx", code: "UNEXPECTED", error: messageOf(new RangeError("a bug of ours")) },
    ]);
  });

  it("a node of another version is refused by both and not dialled again", async () => {
    const { node: a } = await network.started();
    const { node: b } = await network.started({ network: OTHER });
    const refused = Promise.all([parted(a, b.peerId), parted(b, a.peerId)]);
    await b.dial(a.addresses()[0] as string);
    await refused;
    await b.dial(a.addresses()[0] as string).catch(() => undefined);
    expect(a.peers()).to.deep.equal([]);
    expect(a.peersInfo()).to.deep.equal([]);
  });

  it("a peer whose status names another network gets a goodbye", async () => {
    const { node } = await network.started();
    const liar = await raw(encodeStatus(OTHER));
    await liar.connect(node);
    expect(await liar.goodbye).to.equal("P2P_OTHER_NETWORK");
    await gone(node, liar.id);
    expect(node.peers()).to.deep.equal([]);
  });

  it("a peer whose status cannot be read is hung up on", async () => {
    const { node } = await network.started();
    const odd = await raw(bytes("what?"));
    const closed = Promise.withResolvers<void>();
    odd.libp2p.addEventListener("peer:disconnect", () => closed.resolve());
    await odd.connect(node);
    await closed.promise;
    expect(node.peers()).to.deep.equal([]);
  });
});
