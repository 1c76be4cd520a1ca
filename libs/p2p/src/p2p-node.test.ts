import { expect } from "chai";
import type { GossipHandler } from "@sprtn/ports";
import type { P2pNode } from "./p2p-node.js";
import { codeOf, errorOf } from "./test/coded.js";
import { acceptedPeers, type LogLine, LocalNetwork, subscribed } from "./test/local-network.js";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (value: string) => new TextEncoder().encode(value);

/** Accepts everything and resolves `all` when `count` messages have come. */
function collector(count: number): { handler: GossipHandler; all: Promise<string[]> } {
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const got: string[] = [];
  return {
    all: promise,
    handler: ({ data }) => {
      got.push(text(data));
      if (got.length === count) resolve(got);
      return { result: "accept" };
    },
  };
}

describe("P2pNode", () => {
  const network = new LocalNetwork();
  afterEach(() => network.stop());

  async function mesh(count: number): Promise<P2pNode[]> {
    const nodes: P2pNode[] = [];
    for (let i = 0; i < count; i++)
      nodes.push((await network.started({ bootstrapNodes: nodes.flatMap(node => node.addresses().slice(0, 1)) })).node);
    await Promise.all(nodes.map(node => acceptedPeers(node, count - 1)));
    return nodes;
  }

  it("four nodes deliver every message to every other, and none to its sender", async () => {
    const nodes = await mesh(4);
    const collectors = nodes.map(node => {
      const made = collector(30);
      node.subscribe("tx", made.handler);
      return made;
    });
    await Promise.all(nodes.map(node => subscribed(node, "tx", 3)));
    for (let i = 0; i < 10; i++) await Promise.all(nodes.map((node, n) => node.publish("tx", bytes(`${n}:${i}`))));
    const got = await Promise.all(collectors.map(({ all }) => all));
    got.forEach((messages, n) => {
      expect(messages.filter(message => message.startsWith(`${n}:`))).to.deep.equal([]);
      expect(new Set(messages).size).to.equal(30);
    });
  });

  it("hands on bytes of which a slice is a copy, in whatever pieces they came", async () => {
    const [a, b] = (await mesh(2)) as [P2pNode, P2pNode];
    const kinds: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    b.subscribe("tx", ({ data }) => {
      kinds.push(data.constructor);
      if (kinds.length === 40) resolve();
      return { result: "accept" };
    });
    await subscribed(a, "tx", 1);
    for (let i = 0; i < 40; i++) await a.publish("tx", new Uint8Array(15_000).fill(i));
    await promise;
    expect(new Set(kinds)).to.deep.equal(new Set([Uint8Array]));
  });

  it("a late joiner that knows one node hears what others publish", async () => {
    const nodes = await mesh(3);
    for (const node of nodes) node.subscribe("block_proposal", () => ({ result: "accept" }));
    const [first, second, third] = nodes as [P2pNode, P2pNode, P2pNode];
    const late = collector(2);
    const { node: joiner } = network.create({ bootstrapNodes: first.addresses().slice(0, 1), minPeers: 1 });
    joiner.subscribe("block_proposal", late.handler);
    await joiner.start(new AbortController().signal);
    await Promise.all([
      subscribed(joiner, "block_proposal", 1),
      subscribed(first, "block_proposal", 3),
      subscribed(second, "block_proposal", 2),
      subscribed(third, "block_proposal", 2),
    ]);
    await second.publish("block_proposal", bytes("from second"));
    await third.publish("block_proposal", bytes("from third"));
    expect((await late.all).toSorted()).to.deep.equal(["from second", "from third"]);
  });

  it("tells how many peers a transaction went to; what nobody heard can be published again", async () => {
    const { node: a } = await network.started();
    a.subscribe("tx", () => ({ result: "accept" }));
    expect(await a.publish("tx", bytes("a transaction"))).to.equal(0);
    const heard = collector(1);
    const { node: b } = network.create({ bootstrapNodes: a.addresses().slice(0, 1), minPeers: 1 });
    b.subscribe("tx", heard.handler);
    await b.start(new AbortController().signal);
    await subscribed(a, "tx", 1);
    expect(await a.publish("tx", bytes("a transaction"))).to.equal(1);
    expect(await heard.all).to.deep.equal(["a transaction"]);
    expect(await a.publish("tx", bytes("a transaction")), "again").to.equal(1);
  });

  it("tells peers apart: info, direction, ENR", async () => {
    const { node: a } = await network.started();
    const { node: b } = await network.started({ bootstrapNodes: [a.enr()] });
    await Promise.all([acceptedPeers(a, 1), acceptedPeers(b, 1)]);
    const [ofB] = a.peersInfo();
    expect(ofB).to.include({ peer: b.peerId, direction: "inbound", accepted: true });
    const [ofA] = b.peersInfo();
    expect(ofA).to.include({ peer: a.peerId, direction: "outbound" });
    expect(ofA?.addresses[0]).to.match(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+/);
  });

  it("keeps its identity with a key or a store, and says which key is none", async () => {
    const privateKeyHex = "11".repeat(32);
    const { node: a } = await network.started({ privateKeyHex });
    const first = a.peerId;
    await a.stop();
    await a.start(new AbortController().signal);
    expect(a.peerId).to.equal(first);

    let kept: Uint8Array | undefined;
    const identityStore = { load: async () => kept, save: async (key: Uint8Array) => void (kept = key) };
    const { node: b } = await network.started({}, { identityStore });
    const { node: c } = await network.started({}, { identityStore });
    expect(c.peerId).to.equal(b.peerId);

    const { node: d } = network.create({ privateKeyHex: "00".repeat(32) });
    expect(await codeOf(d.start(new AbortController().signal))).to.equal("P2P_BAD_KEY");
  });

  it("names a taken port and the setting to change", async () => {
    const { node: a } = await network.started();
    const port = Number(/tcp\/(\d+)/.exec(a.addresses()[0] as string)?.[1]);
    const { node: b } = network.create({ tcpListen: { host: "127.0.0.1", port } });
    const error = await errorOf(b.start(new AbortController().signal));
    expect(error).to.include({ code: "P2P_PORT_TAKEN" });
    expect(error.message).to.include(`TCP port ${port} on 127.0.0.1 is in use`).and.include("P2P_TCP_LISTEN_ADDR");
    expect(() => b.peerId)
      .to.throw()
      .with.property("code", "P2P_NOT_STARTED");

    const { node: c } = await network.started({ discovery: true });
    const udp = c.enr();
    const { ENR } = await import("@chainsafe/enr");
    const { node: d } = network.create({
      discovery: true,
      udpListen: { host: "127.0.0.1", port: ENR.decodeTxt(udp).udp as number },
    });
    expect(await codeOf(d.start(new AbortController().signal))).to.equal("P2P_PORT_TAKEN");
  });

  it("refuses bootstrap nodes that are none, before it opens a port", async () => {
    for (const bad of ["nonsense", "enr:-abc", "/ip4/127.0.0.1/tcp/1"]) {
      expect(
        await codeOf(network.create({ bootstrapNodes: [bad] }).node.start(new AbortController().signal)),
        bad,
      ).to.equal("P2P_BAD_BOOTSTRAP_NODE");
    }
  });

  it("has one handler a topic and a protocol, and needs a start", async () => {
    const { node } = network.create();
    node.subscribe("tx", () => ({ result: "accept" }));
    expect(() => node.subscribe("tx", () => ({ result: "accept" })))
      .to.throw()
      .with.property("code", "P2P_ALREADY_SUBSCRIBED");
    node.serve("txs", async () => new Uint8Array());
    for (const protocol of ["txs", "status", "ping", "goodbye"] as const)
      expect(() => node.serve(protocol, async () => new Uint8Array()))
        .to.throw()
        .with.property("code", "P2P_ALREADY_SERVED");
    expect(await codeOf(node.publish("tx", bytes("x")))).to.equal("P2P_NOT_STARTED");
    expect(await codeOf(node.request("x", { protocol: "txs", data: bytes("x") }))).to.equal("P2P_NOT_STARTED");
    expect(node.peers()).to.deep.equal([]);
    await node.start(new AbortController().signal);
    expect(await codeOf(node.start(new AbortController().signal))).to.equal("P2P_ALREADY_STARTED");
    expect(await codeOf(node.publish("tx", new Uint8Array(64 * 1024 + 1)))).to.equal("P2P_TOO_LARGE");
    expect(
      await codeOf(node.dial("/ip4/127.0.0.1/tcp/1/p2p/16Uiu2HAm6Wp2kd4Z1x8mQ9UoDRNhCrFWQ2uDJP1oAjE6JWY7CVQv")),
    ).to.equal("P2P_DIAL_FAILED");
  });

  it("gives up its start when it is stopped meanwhile, and may start again", async () => {
    const { node } = network.create({ discovery: true });
    const starting = codeOf(node.start(new AbortController().signal));
    await node.stop();
    expect(await starting).to.equal("P2P_ABORTED");
    expect(await codeOf(node.start(AbortSignal.abort()))).to.equal("P2P_ABORTED");
    await node.start(new AbortController().signal);
    await Promise.all([node.stop(), node.stop()]);
    await node.stop();
  });

  it("says what to do when its public address cannot be asked for", async () => {
    for (const queryIp of [async () => "not an ip", () => Promise.reject(new RangeError("offline"))]) {
      const { node } = network.create({ queryForIp: true }, { queryIp });
      const error = await errorOf(node.start(new AbortController().signal));
      expect(error).to.include({ code: "P2P_START_FAILED" });
      expect(error.message).to.include("P2P_QUERY_FOR_IP");
    }
  });

  it("logs nothing at info but its start", async () => {
    const lines: LogLine[] = [];
    const { node: a, lines: ofA } = await network.started();
    const { lines: ofB } = await network.started({ bootstrapNodes: a.addresses().slice(0, 1) });
    await acceptedPeers(a, 1);
    await network.stop();
    lines.push(...ofA, ...ofB);
    expect(lines.filter(({ level }) => !["verbose", "debug"].includes(level)).map(({ level }) => level)).to.deep.equal([
      "info",
      "info",
    ]);
  });
});
