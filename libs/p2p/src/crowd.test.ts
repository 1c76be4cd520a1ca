import { connect, type Socket } from "node:net";
import { expect } from "chai";
import type { P2pNode } from "./p2p-node.js";
import { acceptedPeers, LocalNetwork, subscribed } from "./test/local-network.js";
import { RawPeer } from "./test/raw-peer.js";

const bytes = (value: string) => new TextEncoder().encode(value);

interface Validator {
  readonly node: P2pNode;
  readonly heard: { readonly text: string; readonly resolve: () => void }[];
}

/** Peers of one address, each with its own libp2p, that behave like good peers but are useless. */
class Crowd {
  readonly #peers: RawPeer[] = [];

  /** Resolves when all have tried. */
  async connect(node: P2pNode, count: number): Promise<void> {
    const peers = await Promise.all(Array.from({ length: count }, () => RawPeer.start()));
    this.#peers.push(...peers);
    await Promise.all(peers.map(peer => peer.connect(node).catch(() => undefined)));
  }

  get all(): readonly RawPeer[] {
    return this.#peers;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#peers.splice(0).map(peer => peer.stop()));
  }
}

describe("a crowd at the door (LIMIT-5)", () => {
  const network = new LocalNetwork();
  const crowd = new Crowd();

  afterEach(async () => {
    await Promise.all([crowd.stop(), network.stop()]);
  });

  /** Resolves when `listener` has heard `text`. */
  function hears(listener: Validator, text: string): Promise<void> {
    return new Promise(resolve => void listener.heard.push({ text, resolve }));
  }

  /** A node that listens to attestations and accepts those that begin with "vote". */
  async function validator(boot: readonly string[], identity = 0): Promise<Validator> {
    const { node } = await network.started({
      bootstrapNodes: boot,
      maxPeers: 24,
      ...(identity > 0 ? { privateKeyHex: identity.toString(16).padStart(64, "0") } : {}),
    });
    const heard: Validator["heard"] = [];
    node.subscribe("block_attestation", ({ data }) => {
      const text = new TextDecoder().decode(data);
      for (const waiting of heard.filter(each => each.text === text)) waiting.resolve();
      return text.startsWith("vote")
        ? { result: "accept" }
        : { result: "reject", code: "ATTESTATION_NOT_IN_COMMITTEE" };
    });
    return { node, heard };
  }

  it("100 good-looking peers at once: validators keep their places, come back later, and are heard", async () => {
    const victim = await validator([]);
    const boot = victim.node.addresses().slice(0, 1);
    const honest = await Promise.all([1, 2, 3].map(identity => validator(boot, identity)));
    await Promise.all(honest.map(({ node }) => subscribed(node, "block_attestation", 1)));
    for (const [n, { node }] of honest.entries()) {
      const heard = hears(victim, `vote ${n}`);
      await node.publish("block_attestation", bytes(`vote ${n}`));
      await heard;
    }

    await crowd.connect(victim.node, 100);
    expect(victim.node.peersInfo().length).to.be.at.most(24 - 6 - 6 + honest.length);
    expect(victim.node.peers()).to.include.members(honest.map(({ node }) => node.peerId));

    const [first] = honest as [Validator, Validator, Validator];
    const id = first.node.peerId;
    await first.node.stop();
    const again = await validator(boot, 1);
    expect(again.node.peerId).to.equal(id);
    await Promise.all([
      subscribed(again.node, "block_attestation", 1),
      new Promise<void>(resolve => {
        const look = () => victim.node.subscribers("block_attestation").includes(id) && resolve();
        victim.node.onPeer(look);
        look();
      }),
    ]);
    const heard = hears(victim, "vote again");
    await again.node.publish("block_attestation", bytes("vote again"));
    await heard;
    expect(victim.node.peersInfo().length).to.be.at.most(24);
  });

  it("a node whose places are all asked for still finds peers of its own choice", async () => {
    const privateKeyHex = "07".repeat(32);
    const { node: chosen } = await network.started({ privateKeyHex });
    const address = chosen.addresses()[0] as string;
    const { node } = await network.started({ bootstrapNodes: [address], maxPeers: 8, minPeers: 3 });
    await acceptedPeers(node, 1);
    const left = new Promise<void>(resolve => node.onPeer(event => event.type === "left" && resolve()));
    await chosen.stop();
    await left;
    await crowd.connect(node, 30);
    await acceptedPeers(node, 3);
    expect(node.peersInfo().length).to.be.at.most(4);
    const port = Number(/tcp\/(\d+)/.exec(address)?.[1]);
    const { node: back } = await network.started({ privateKeyHex, tcpListen: { host: "127.0.0.1", port } });
    await acceptedPeers(back, 1);
    expect(back.peers()).to.deep.equal([node.peerId]);
  });

  it("LIMIT-29: 4 handshakes begin and 40 wait: one more is hung up on, and those that stand are not", async () => {
    const { node } = await network.started({ maxPeers: 50 });
    const { host, port } = /ip4\/(?<host>[^/]+)\/tcp\/(?<port>\d+)/.exec(node.addresses()[0] ?? "")?.groups ?? {};
    const open = async () => {
      const socket = connect(Number(port), host).on("error", () => {});
      await new Promise(resolve => socket.once("connect", resolve).once("close", resolve));
      return socket.resume();
    };
    const silent: Socket[] = [];
    const isHungUp = (socket: Socket) => socket.closed || socket.readableEnded;
    try {
      // Turns come while they connect, and make room for as many: at last one finds none.
      while (silent.length < 256 && !silent.some(isHungUp)) silent.push(await open());
      expect(silent.length).to.be.within(45, 255);
      expect(silent.slice(0, 44).filter(isHungUp)).to.deep.equal([]);
    } finally {
      for (const socket of silent) socket.destroy();
    }
  });

  it("35 peers that send garbage are sent away, and honest ones are heard all the while", async () => {
    const victim = await validator([]);
    const boot = victim.node.addresses().slice(0, 1);
    const honest = await validator(boot, 4);
    await subscribed(honest.node, "block_attestation", 1);
    const first = hears(victim, "vote 0");
    await honest.node.publish("block_attestation", bytes("vote 0"));
    await first;
    await crowd.connect(victim.node, 35);
    const garbage = (async () => {
      for (let n = 0; n < 40; n++)
        await Promise.all(
          crowd.all.map((peer, index) =>
            peer.publish(bytes(`garbage ${index} ${n}`), "block_attestation").catch(() => undefined),
          ),
        );
    })();
    for (let n = 1; n <= 20; n++) {
      const heard = hears(victim, `vote ${n}`);
      await honest.node.publish("block_attestation", bytes(`vote ${n}`));
      await heard;
    }
    await garbage;
    expect(victim.node.peers()).to.include(honest.node.peerId);
  });
});
