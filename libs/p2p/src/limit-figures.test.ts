import { Discv5 } from "@chainsafe/discv5";
import { generateKeyPair } from "@libp2p/crypto/keys";
import { expect } from "chai";
import type { ValidationResult } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { SeededRandom } from "@sprtn/testing";
import { BanList } from "./ban-list.js";
import { ConnectionPolicy } from "./connection-policy.js";
import { datagramLimiter } from "./datagram-limiter.js";
import type { OutboundGossip } from "./gossip-backlog.js";
import { GOSSIP_QUEUE, TOPIC_LIMITS } from "./gossip-limits.js";
import { gossipOptions } from "./gossip-parameters.js";
import { GossipTopics } from "./gossip-topics.js";
import { GossipValidator } from "./gossip-validator.js";
import { createHost, type ScoringGossipSub } from "./host.js";
import { KNOWN_PEERS, KnownPeers } from "./known-peers.js";
import { createRecord } from "./node-record.js";
import { createP2pMetrics } from "./p2p-metrics.js";
import { PartingLog } from "./parting-log.js";
import { PeerBook } from "./peer-book.js";
import { REMEMBERED_PEERS } from "./peer-scores.js";
import { REQUEST_LIMITS } from "./request-limits.js";
import { ServingRoom } from "./serving-room.js";
import { acceptedPeers, LocalNetwork, NETWORK, recordingLogger, silentMeter } from "./test/local-network.js";
import { RawPeer } from "./test/raw-peer.js";

// The figures of libs/protocol/spec/limits.md: the last that still fits, and the first that does not.

const MiB = 1024 * 1024;
const names = (count: number, name: string) => Array.from({ length: count }, (_, n) => `${name} ${n}`);

function policy(load = 0) {
  const clock = new ManualClock();
  const known = new KnownPeers({ clock }, KNOWN_PEERS);
  const made = new ConnectionPolicy(
    {
      clock,
      known,
      random: new SeededRandom(1),
      logger: recordingLogger([]),
      bans: new BanList({ clock }, { maxPeers: REMEMBERED_PEERS }),
      book: new PeerBook({ clock }),
      load: () => load,
    },
    { maxPeers: 50, minPeers: 8, maxPeersPerAddress: 10, role: "node" } as ConstructorParameters<
      typeof ConnectionPolicy
    >[1],
  );
  return { clock, known, policy: made };
}

function gossipValidator(handler: () => Promise<ValidationResult>) {
  const validator = new GossipValidator(
    {
      clock: new ManualClock(),
      logger: recordingLogger([]),
      metrics: createP2pMetrics(silentMeter),
      penalize: () => {},
      isBanned: () => false,
      onAccepted: () => {},
    },
    { topics: TOPIC_LIMITS, queue: GOSSIP_QUEUE, maxPeers: REMEMBERED_PEERS },
  );
  validator.setHandler("tx", handler);
  validator.setHandler("block_attestation", handler);
  return validator;
}

describe("LIMIT-1: gossip that waits", () => {
  /** Of as many messages of each peer: how many are being judged, and how many found no place. */
  async function flood(topic: "tx" | "block_attestation", peers: number, messages: number) {
    const end = Promise.withResolvers<ValidationResult>();
    let [judged, refused] = [0, 0];
    const validator = gossipValidator(() => (judged++, end.promise));
    const verdicts = names(peers, "peer").flatMap(peer =>
      Array.from({ length: messages }, async (_, n) => {
        const verdict = await validator.validate(topic, Uint8Array.of(n), peer);
        if (verdict.result === "ignore" && verdict.code === "P2P_BUSY") refused++;
      }),
    );
    await new Promise(resolve => setImmediate(resolve));
    const counted = { judged, refused };
    end.resolve({ result: "ignore", code: "TEST" });
    await Promise.all(verdicts);
    return counted;
  }

  it("256 of each kind of a peer, of votes 64 judged at once, of others 48", async () => {
    expect(await flood("block_attestation", 1, 256)).to.deep.equal({ judged: 64, refused: 0 });
    expect(await flood("block_attestation", 1, 257)).to.deep.equal({ judged: 64, refused: 1 });
    expect(await flood("tx", 1, 256)).to.deep.equal({ judged: 48, refused: 0 });
    expect(await flood("tx", 1, 257)).to.deep.equal({ judged: 48, refused: 1 });
  });

  it("2,048 of each kind of all peers wait", async () => {
    expect(await flood("block_attestation", 11, 192)).to.deep.equal({ judged: 64, refused: 0 });
    expect(await flood("block_attestation", 12, 192)).to.deep.equal({ judged: 64, refused: 192 });
    expect(await flood("tx", 16, 131)).to.deep.equal({ judged: 48, refused: 0 });
    expect(await flood("tx", 16, 132)).to.deep.equal({ judged: 48, refused: 16 });
  });
});

describe("LIMIT-3: ids of messages seen", () => {
  it("are forgotten after a minute", async () => {
    const { gossip } = await createHost({
      privateKey: await generateKeyPair("secp256k1"),
      agent: "test",
      listen: [],
      announce: [],
      maxPeers: 1,
      loopback: true,
      places: undefined as never,
      pace: undefined as never,
      gossip: gossipOptions({ network: NETWORK, loopback: true, maxPeersPerAddress: 1, ownScore: () => 0 }),
      isBanned: () => false,
    });
    const { seenCache } = gossip as unknown as {
      readonly seenCache: { put(id: string): void; has(id: string): boolean; prune(): void };
    };
    const { now } = Date;
    try {
      const startMs = now();
      Date.now = () => startMs;
      seenCache.put("id");
      for (const [afterMs, seen] of [
        [60_000, true],
        [60_001, false],
      ] as const) {
        Date.now = () => startMs + afterMs;
        seenCache.prune();
        expect(seenCache.has("id"), `after ${afterMs} ms`).to.equal(seen);
      }
    } finally {
      Date.now = now;
    }
  });
});

describe("LIMIT-5: places of a node of 50 peers", () => {
  it("26 strangers, 12 known ones, 12 that it dials; a useless minute, 10 of an address", () => {
    const { clock, known, policy: made } = policy();
    const displaced: string[] = [];
    const places = made.places(peer => void displaced.push(peer));
    const connect = (peer: string, host: string) => {
      const connection = {};
      return places.enter(connection, host) && (places.admit(connection, peer) || (places.leave(connection), false));
    };
    const from = (peers: readonly string[], part: number) => peers.map((peer, n) => connect(peer, `10.0.${part}.${n}`));
    expect(from(names(27, "stranger"), 1)).to.deep.equal([...Array.from({ length: 26 }, () => true), false]);
    for (const peer of names(13, "known")) known.note(peer);
    expect(from(names(13, "known"), 2)).to.deep.equal([...Array.from({ length: 12 }, () => true), false]);
    clock.advanceSync(59_999);
    expect(connect("late", "10.0.3.1")).to.equal(false);
    clock.advanceSync(1);
    expect(connect("late", "10.0.3.1")).to.equal(true);
    expect(displaced).to.deep.equal(["stranger 0"]);
    const ofAddress = Array.from({ length: 11 }, () => places.enter({}, "203.0.113.5"));
    expect(ofAddress).to.deep.equal([...Array.from({ length: 10 }, () => true), false]);
  });
});

describe("LIMIT-6: known peers", () => {
  it("256, each for an hour", () => {
    const { clock, known } = policy();
    for (const peer of names(256, "known")) known.note(peer);
    expect(known.has("known 0")).to.equal(true);
    known.note("one more");
    expect(["known 0", "known 1", "one more"].map(peer => known.has(peer))).to.deep.equal([false, true, true]);
    clock.advanceSync(3_600_000);
    expect(known.has("one more")).to.equal(true);
    clock.advanceSync(1);
    expect(known.has("one more")).to.equal(false);
  });
});

describe("LIMIT-7: candidates to dial", () => {
  const dialer = () => policy().policy.dialer({ records: [], candidates: [] }, { self: "self", dial: async () => {} });
  const candidate = (peer: string, host = "127.0.0.1") => ({ peer, addresses: [`/ip4/${host}/tcp/1/p2p/${peer}`] });

  it("1,000 that were heard of, 1,000 that proved good", () => {
    const made = dialer();
    for (const peer of names(1_000, "good")) {
      made.add(candidate(peer));
      made.succeeded(peer);
    }
    for (const peer of names(1_000, "heard of")) made.add(candidate(peer));
    // A candidate is new to a dialer that has forgotten it.
    expect([made.add(candidate("good 0")), made.add(candidate("heard of 0"))]).to.deep.equal([false, false]);
    made.add(candidate("one more"));
    expect([made.add(candidate("heard of 1")), made.add(candidate("heard of 0"))]).to.deep.equal([false, true]);
    made.succeeded("one more");
    expect([made.add(candidate("good 1")), made.add(candidate("good 0"))]).to.deep.equal([false, true]);
  });

  it("10 of an address that have not proved good", () => {
    const made = dialer();
    const added = names(11, "heard of").map(peer => made.add(candidate(peer, "203.0.113.5")));
    expect(added).to.deep.equal([...Array.from({ length: 10 }, () => true), false]);
  });
});

describe("LIMIT-8: what is remembered of 2,000 peers", () => {
  const network = new LocalNetwork();
  const raws: RawPeer[] = [];
  const others = names(REMEMBERED_PEERS, "other");

  afterEach(async () => {
    await Promise.all(raws.splice(0).map(peer => peer.stop()));
    await network.stop();
  });

  it("scores", async () => {
    const { node } = await network.started({ role: "bootstrap" }, { clock: new ManualClock(Date.now()) });
    const raw = await RawPeer.start();
    raws.push(raw);
    await raw.connect(node);
    await acceptedPeers(node, 1);
    node.penalize(raw.id, "mild", "TEST");
    const score = () => node.peersInfo()[0]?.score;
    for (let n = 1; n < 2_000; n++) node.penalize(`other ${n}`, "mild", "TEST");
    expect(score()).to.equal(-5);
    node.penalize("other 0", "mild", "TEST");
    expect(score()).to.equal(0);
  });

  it("bans", () => {
    const clock = new ManualClock();
    const bans = new BanList({ clock }, { maxPeers: REMEMBERED_PEERS });
    bans.ban("first", 1_000, "TEST");
    for (const peer of others.slice(1)) bans.ban(peer, 1_000, "TEST");
    expect(bans.reasonOf("first")).to.equal("TEST");
    bans.ban("other 0", 1_000, "TEST");
    expect(bans.reasonOf("first")).to.equal(undefined);
  });

  it("rates of gossip", async () => {
    const validator = gossipValidator(async () => ({ result: "ignore", code: "TEST" }));
    const send = async (peer: string) => {
      const verdict = await validator.validate("block_attestation", Uint8Array.of(1), peer);
      return verdict.result === "ignore" && verdict.code;
    };
    for (let n = 0; n < TOPIC_LIMITS.block_attestation.burst; n++) await send("first");
    for (const peer of others.slice(1)) await send(peer);
    expect(await send("first")).to.equal("P2P_RATE_LIMITED");
    for (const peer of others) await send(peer);
    expect(await send("first")).to.equal("TEST");
  });

  it("rates of requests", () => {
    const room = new ServingRoom(
      { clock: new ManualClock() },
      { limits: REQUEST_LIMITS, maxConcurrent: 64, maxPeers: REMEMBERED_PEERS },
    );
    const ask = (peer: string) => {
      const outcome = room.enter("goodbye", peer);
      if (outcome === "ok") room.leave("goodbye", peer);
      return outcome;
    };
    expect([ask("first"), ask("first"), ask("first")]).to.deep.equal(["ok", "ok", "excess"]);
    for (const peer of others.slice(1)) ask(peer);
    expect(ask("first")).to.equal("excess");
    for (const peer of others) ask(peer);
    expect(ask("first")).to.not.equal("excess");
  });
});

describe("LIMIT-9: discovery", () => {
  const taken = (limiter: ReturnType<typeof datagramLimiter>, ip: string, count: number) =>
    Array.from({ length: count }, () => limiter.allowEncodedPacket(ip)).filter(Boolean).length;
  const addresses = (count: number) => Array.from({ length: count }, (_, n) => `10.${n >> 16}.${n >> 8}.${n & 255}`);

  it("datagrams: 400 at once and 100 a second of an address, 4,000 and 2,000 of all", () => {
    const clock = new ManualClock();
    const limiter = datagramLimiter(clock, false);
    const all = () => addresses(50).reduce((sum, ip) => sum + taken(limiter, ip, 1_000), 0);
    expect(taken(limiter, "203.0.113.5", 1_000)).to.equal(400);
    expect(all()).to.equal(4_000 - 400);
    clock.advanceSync(1_000);
    expect(taken(limiter, "203.0.113.5", 1_000)).to.equal(100);
    expect(all()).to.equal(2_000 - 100);
  });

  for (const [others, left] of [
    [4_999, 100],
    [5_000, 400],
  ] as const)
    it(`an address is ${left === 100 ? "remembered" : "forgotten"} after ${others} others`, () => {
      const clock = new ManualClock();
      const limiter = datagramLimiter(clock, false);
      taken(limiter, "203.0.113.5", 400);
      for (const ip of addresses(others)) taken(limiter, ip, 1);
      clock.advanceSync(1_000);
      expect(taken(limiter, "203.0.113.5", 1_000)).to.equal(left);
    });

  it("records: discv5 keeps 16 of each half of what is left of all ids", () => {
    const own = createRecord(new Uint8Array(32).fill(1), NETWORK, { host: "127.0.0.1", tcp: 1, udp: 1 });
    const discv5 = Discv5.create({
      enr: own,
      privateKey: { type: "secp256k1", raw: new Uint8Array(32).fill(1) } as never,
      bindAddrs: { ip4: own.getLocationMultiaddr("udp4") } as never,
    });
    for (let n = 2; n < 130; n++)
      discv5.addEnr(
        createRecord(new Uint8Array(32).fill(n), NETWORK, { host: "10.0.0.1", tcp: n, udp: n }).toENR() as never,
      );
    const isFar = (nodeId: string) =>
      Number.parseInt(nodeId[0] as string, 16) >> 3 !== Number.parseInt(own.nodeId[0] as string, 16) >> 3;
    expect(discv5.kadValues().filter(({ nodeId }) => isFar(nodeId)).length).to.equal(16);
  });
});

describe("LIMIT-26: gossip that waits to be sent", () => {
  it("32 MiB of all peers; one byte more, and the longest queue goes", () => {
    const given: string[] = [];
    const stream = (peer: string, writeBufferLength: number): [string, OutboundGossip] => [
      peer,
      { rawStream: { writeBufferLength, abort: () => void given.push(peer) } },
    ];
    const shed = (longest: number) => {
      given.length = 0;
      const streamsOutbound = new Map([
        ...names(4, "slow").map(peer => stream(peer, 7 * MiB)),
        stream("longest", longest),
      ]);
      const topics = new GossipTopics(
        {
          logger: recordingLogger([]),
          metrics: createP2pMetrics(silentMeter),
          gossipValidator: undefined as never,
          gossip: () => ({ streamsOutbound }) as unknown as ScoringGossipSub,
          partings: new PartingLog({ clock: new ManualClock(), logger: recordingLogger([]) }),
        },
        { network: NETWORK },
      );
      topics.shedBacklog();
      return [...given];
    };
    expect(shed(4 * MiB)).to.deep.equal([]);
    expect(shed(4 * MiB + 1)).to.have.length(1);
    expect(shed(7 * MiB + 1)).to.deep.equal(["longest"]);
  });
});

describe("LIMIT-29: handshakes", () => {
  for (const [load, perSecond] of [
    [0.5, 8],
    [0.8, 0.5],
  ] as const)
    it(`4 at once, then ${perSecond} a second at a load of ${load}; 40 wait, for 5 seconds`, async () => {
      const { clock, policy: made } = policy(load);
      const pace = made.pace();
      let [begun, refused] = [0, 0];
      for (let n = 0; n < 45; n++) void pace.turn("10.0.0.1").then(begins => (begins ? begun++ : refused++));
      await clock.advance(0);
      expect([begun, refused]).to.deep.equal([4, 1]);
      for (let second = 1; second < 5; second++) {
        await clock.advance(1_000);
        expect([begun, refused], `after ${second} s`).to.deep.equal([4 + Math.floor(perSecond * second), 1]);
      }
      await clock.advance(1_000);
      expect([begun, refused]).to.deep.equal(load === 0.5 ? [44, 1] : [6, 39]);
    });

  it("addresses where a known peer has been within the hour have turns of their own", async () => {
    const { clock, known, policy: made } = policy(1);
    const places = made.places(() => {});
    const connection = {};
    known.note("validator");
    places.enter(connection, "10.0.0.2");
    places.admit(connection, "validator");
    places.leave(connection);
    const pace = made.pace();
    const begun: string[] = [];
    const ask = (host: string, count: number) => {
      for (let n = 0; n < count; n++) void pace.turn(host).then(begins => begins && begun.push(host));
      return clock.advance(0);
    };
    await ask("10.0.0.1", 100);
    await ask("10.0.0.2", 1);
    expect(begun.filter(host => host === "10.0.0.2").length).to.equal(1);
    expect(begun.length).to.equal(5);
  });
});
