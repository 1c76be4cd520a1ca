import { multiaddr } from "@multiformats/multiaddr";
import { expect } from "chai";
import type { Meter } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { PeerBook } from "./peer-book.js";
import { PeerKeeper } from "./peer-keeper.js";
import { acceptedPeers, LocalNetwork, recordingLogger, silentMeter } from "./test/local-network.js";
import { RawPeer } from "./test/raw-peer.js";

const NOBODY = "16Uiu2HAm5Ut4YP5fwse7GtupUk4tynaW7pPj94ovZK1PqXc4SEmQ";

describe("upkeep of connections", () => {
  const network = new LocalNetwork();
  const raws: RawPeer[] = [];

  afterEach(async () => {
    await Promise.all(raws.splice(0).map(peer => peer.stop()));
    await network.stop();
  });

  it("hangs up on a peer whose gossip stream is lost for good", async () => {
    const clock = new ManualClock(Date.now());
    const { node } = await network.started({}, { clock });
    node.subscribe("tx", () => ({ result: "accept" }));
    const raw = await RawPeer.start();
    raws.push(raw);
    const connection = await raw.connect(node);
    await Promise.all([acceptedPeers(node, 1), raw.seesSubscriber()]);
    const stream = await connection.newStream("/meshsub/1.2.0");
    const closed = new Promise(resolve => stream.addEventListener("close", resolve, { once: true }));
    const left = new Promise(resolve => raw.libp2p.addEventListener("peer:disconnect", resolve, { once: true }));
    stream.send(Uint8Array.of(0x80, 0x80, 0x80, 0x08, 1, 2, 3));
    await stream.close();
    await closed;
    await clock.advance(21_000);
    await left;
    expect(node.peers()).to.deep.equal([]);
  });

  it("keeps a healthy peer, and asks for its status again", async () => {
    const clock = new ManualClock(Date.now());
    const { node } = await network.started({}, { clock });
    node.subscribe("tx", () => ({ result: "accept" }));
    let answered = 0;
    const again = Promise.withResolvers<void>();
    const count = (_amount: number, labels: Readonly<Record<string, string>>) => {
      if (labels["protocol"] === "status" && labels["side"] === "server" && ++answered === 2) again.resolve();
    };
    const meter: Meter = { ...silentMeter, counter: () => ({ add: count }) };
    const { node: other } = await network.started({ bootstrapNodes: node.addresses().slice(0, 1) }, { meter });
    await Promise.all([acceptedPeers(node, 1), acceptedPeers(other, 1)]);
    await clock.advance(66_000);
    await again.promise;
    expect(node.peers()).to.deep.equal([other.peerId]);
  });

  it("LIMIT-30: forgets what libp2p noted of peers that left or did not answer", async () => {
    const [own, left, stays] = await Promise.all([RawPeer.start(), RawPeer.start(), RawPeer.start()]);
    raws.push(own, left, stays);
    const { libp2p } = own;
    const clock = new ManualClock();
    const keeper = new PeerKeeper({
      clock,
      logger: recordingLogger([]),
      libp2p,
      book: new PeerBook({ clock }),
      // Asked about peers of the book only.
      gate: undefined as never,
      scoreOf: () => 0,
      hangUp: async () => {},
      gossip: undefined,
    });
    const noted = async () => (await libp2p.peerStore.all()).map(({ id }) => id.toString());
    const absent = multiaddr(`/ip4/127.0.0.1/tcp/1/p2p/${NOBODY}`);
    await libp2p.dial(absent).catch(() => {});
    for (const { libp2p: other } of [left, stays]) await libp2p.dial(other.getMultiaddrs());
    const ids = [left, stays].map(({ libp2p: other }) => other.peerId.toString());
    expect(await noted()).to.have.members([NOBODY, ...ids]);
    await libp2p.hangUp(left.libp2p.peerId);
    await keeper.round();
    expect(await noted()).to.deep.equal([stays.libp2p.peerId.toString()]);
  });

  it("learns its own address from peers when it listens everywhere", async () => {
    const { node: boot } = await network.started({ role: "bootstrap", discovery: true, minPeers: 0 });
    const { node: second } = await network.started({ discovery: true, bootstrapNodes: [boot.enr()], minPeers: 1 });
    await acceptedPeers(second, 1);
    const learned = Promise.withResolvers<unknown>();
    const logger = recordingLogger([]);
    const { node } = await network.started(
      {
        discovery: true,
        bootstrapNodes: [boot.enr(), second.enr()],
        tcpListen: { host: "0.0.0.0", port: 0 },
        udpListen: { host: "0.0.0.0", port: 0 },
      },
      {
        logger: {
          ...logger,
          child: () => ({
            ...logger,
            verbose: (_message, fields) => fields?.["ip"] !== undefined && learned.resolve(fields["ip"]),
          }),
        },
      },
    );
    const before = node.enr();
    expect(await learned.promise).to.equal("127.0.0.1");
    expect(node.enr()).to.not.equal(before);
  });

  it("announces the address that is given or asked for", async () => {
    const { node: given } = await network.started({ tcpAnnounce: { host: "203.0.113.5", port: 4001 } });
    expect(given.addresses()[0]).to.equal(`/ip4/203.0.113.5/tcp/4001/p2p/${given.peerId}`);
    const { node: queried } = await network.started(
      { tcpAnnounce: { port: 4002 }, queryForIp: true },
      { queryIp: async () => "203.0.113.6" },
    );
    expect(queried.addresses()[0]).to.equal(`/ip4/203.0.113.6/tcp/4002/p2p/${queried.peerId}`);
  });

  it("LIMIT-30: what libp2p notes of peers is looked through each 5 seconds", async () => {
    const clock = new ManualClock(Date.now());
    let rounds = 0;
    // A round ends with the gauge of each topic's mesh.
    const gauge: Meter["gauge"] = ({ name }) => ({
      set: () => void (name === "sprtn_p2p_gossip_mesh_peers" && rounds++),
    });
    const { node } = await network.started({}, { clock, meter: { ...silentMeter, gauge } });
    node.subscribe("tx", () => ({ result: "accept" }));
    const after = async (ms: number) => {
      await clock.advance(ms);
      for (let n = 0; n < 20; n++) await new Promise(resolve => setImmediate(resolve));
      return rounds;
    };
    expect([await after(4_999), await after(1), await after(4_999), await after(1)]).to.deep.equal([0, 1, 1, 2]);
  });
});
