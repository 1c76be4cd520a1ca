import { RPC } from "@libp2p/gossipsub/message";
import { expect } from "chai";
import type { ScoringGossipSub } from "./host.js";
import { topicName } from "./network.js";
import type { P2pNode } from "./p2p-node.js";
import { acceptedPeers, LocalNetwork, NETWORK } from "./test/local-network.js";
import { RawPeer } from "./test/raw-peer.js";

const MAX_FRAME_BYTES = 8 * 1024 * 1024;
/** A field that no version of gossipsub has; readers skip it. */
const UNKNOWN_FIELD = (1_000 << 3) | 2;
const ONE = 1;
const OTHER = 2;
const LAST = 3;

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))];

const message = (data: readonly number[]) => ({ topic: topicName(NETWORK, "tx"), data: Uint8Array.from(data) });

function frame(parts: Partial<RPC>): Uint8Array {
  return RPC.encode({ subscriptions: [], messages: [], ...parts });
}

/** `frame`, as long as `bytes`. */
function padded(start: Uint8Array, bytes: number): Uint8Array {
  const tag = varint(UNKNOWN_FIELD);
  // Four bytes tell a length of 2 to 256 MiB.
  const head = [...tag, ...varint(bytes - start.length - tag.length - 4)];
  const all = new Uint8Array(bytes);
  all.set(start);
  all.set(head, start.length);
  return all;
}

describe("LIMIT-37: a frame of gossip", () => {
  const network = new LocalNetwork();
  let raw: RawPeer;
  let node: P2pNode;
  /** The first byte of each message that the node looked at. */
  let heard: number[];
  let onHeard: () => void;

  beforeEach(async () => {
    heard = [];
    onHeard = () => {};
    ({ node } = await network.started());
    node.subscribe("tx", ({ data }) => {
      heard.push(data[0] as number);
      onHeard();
      return { result: "ignore", code: "TEST" };
    });
    raw = await RawPeer.start();
    await raw.connect(node);
    await acceptedPeers(node, 1);
    await raw.seesSubscriber();
  });
  afterEach(async () => {
    await raw.stop();
    await network.stop();
  });

  const stream = () => (raw.libp2p.services.pubsub as ScoringGossipSub).streamsOutbound.get(node.peerId)!;
  const until = (byte: number) =>
    new Promise<void>(resolve => {
      onHeard = () => heard.includes(byte) && resolve();
      onHeard();
    });
  // Past gossipsub, which sends no more than 4 MiB itself.
  const send = (bytes: Uint8Array) => {
    const { rawStream } = stream() as unknown as { readonly rawStream: { send(data: Uint8Array): unknown } };
    rawStream.send(Uint8Array.from(varint(bytes.length)));
    rawStream.send(bytes);
  };
  /** Which of two frames were looked at, when a third one that is in order has been. */
  async function afterTwo(fits: Partial<RPC>, tooMuch: Partial<RPC>): Promise<number[]> {
    send(frame(fits));
    send(frame(tooMuch));
    send(frame({ messages: [message([LAST])] }));
    await until(LAST);
    return [...new Set(heard)].toSorted((a, b) => a - b);
  }

  it("has 2,000 messages; one with more is not looked at, and the next one is", async () => {
    const many = (count: number, first: number) => ({
      messages: Array.from({ length: count }, (_, n) => message([first, n & 255, n >> 8])),
    });
    expect(await afterTwo(many(2_000, ONE), many(2_001, OTHER))).to.deep.equal([ONE, LAST]);
  });

  it("has 64 subscriptions", async () => {
    const many = (count: number, first: number) => ({
      subscriptions: Array.from({ length: count }, (_, n) => ({ subscribe: true, topic: `topic ${n}` })),
      messages: [message([first])],
    });
    expect(await afterTwo(many(64, ONE), many(65, OTHER))).to.deep.equal([ONE, LAST]);
  });

  for (const [kind, count] of [
    ["graft", 600],
    ["prune", 600],
    ["ihave", 600],
    ["iwant", 600],
    ["idontwant", 600],
  ] as const)
    it(`has ${count} of ${kind}`, async () => {
      const many = (length: number, first: number): Partial<RPC> => ({
        control: {
          ihave: [],
          iwant: [],
          graft: [],
          prune: [],
          idontwant: [],
          [kind]: Array.from({ length }, () => (kind === "prune" ? { peers: [] } : { messageIDs: [] })),
        },
        messages: [message([first])],
      });
      expect(await afterTwo(many(count, ONE), many(count + 1, OTHER))).to.deep.equal([ONE, LAST]);
    });

  it("has 8 MiB; who sends a longer one is read no more", async () => {
    send(padded(frame({ messages: [message([ONE])] }), MAX_FRAME_BYTES));
    await until(ONE);
    const outbound = stream();
    send(padded(frame({ messages: [message([OTHER])] }), MAX_FRAME_BYTES + 1));
    await closed(outbound);
    expect(heard).to.deep.equal([ONE]);
  });

  /** Resolves when the node has closed what the peer writes to. */
  function closed(outbound: unknown): Promise<void> {
    const { rawStream } = outbound as { readonly rawStream: EventTarget & { readonly status: string } };
    return new Promise(resolve => {
      if (rawStream.status !== "open") return resolve();
      rawStream.addEventListener("close", () => resolve(), { once: true });
      rawStream.addEventListener("remoteCloseRead", () => resolve(), { once: true });
    });
  }
});
