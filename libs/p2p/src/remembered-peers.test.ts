import { createSocket } from "node:dgram";
import { expect } from "chai";
import { ManualClock } from "@sprtn/runtime";
import { SeededRandom } from "@sprtn/testing";
import { BanList } from "./ban-list.js";
import { datagramLimiter } from "./datagram-limiter.js";
import { Discovery } from "./discovery.js";
import { gossipOptions } from "./gossip-parameters.js";
import { TOPIC_LIMITS } from "./gossip-limits.js";
import { GossipValidator } from "./gossip-validator.js";
import { loadOrCreateIdentity } from "./identity.js";
import { createRecord } from "./node-record.js";
import { createP2pMetrics } from "./p2p-metrics.js";
import { PeerScores } from "./peer-scores.js";
import { probeUdpPort } from "./probe-port.js";
import { REQUEST_LIMITS } from "./request-limits.js";
import { ServingRoom } from "./serving-room.js";
import { NETWORK, recordingLogger, silentMeter } from "./test/local-network.js";

describe("what is remembered of peers (LIMIT-8)", () => {
  it("thousands of names cost no honest peer score or place, and are forgotten, oldest first", () => {
    const clock = new ManualClock();
    const scores = new PeerScores({ clock }, { halfLifeMs: 600_000, maxPeers: 100 });
    const bans = new BanList({ clock }, { maxPeers: 100 });
    for (let n = 0; n < 5_000; n++) {
      scores.penalize(`flood ${n}`, 200);
      bans.ban(`flood ${n}`, 1_800_000, "TX_BAD");
    }
    expect([scores.scoreOf("honest"), bans.reasonOf("honest")]).to.deep.equal([0, undefined]);
    expect([scores.scoreOf("flood 0"), bans.reasonOf("flood 0")]).to.deep.equal([0, undefined]);
    expect([scores.scoreOf("flood 4999"), bans.reasonOf("flood 4999")]).to.deep.equal([-200, "TX_BAD"]);
  });
});

describe("rates of peers (LIMIT-8)", () => {
  const flood = Array.from({ length: 100 }, (_, n) => `flood ${n}`);

  it("are remembered of so many that ask, the last ones: who is forgotten begins with a whole burst", () => {
    const clock = new ManualClock();
    const room = new ServingRoom({ clock }, { limits: REQUEST_LIMITS, maxConcurrent: 64, maxPeers: 100 });
    const ask = (peer: string) => {
      const outcome = room.enter("goodbye", peer);
      if (outcome === "ok") room.leave("goodbye", peer);
      return outcome;
    };
    expect([1, 2, 3].map(() => ask("a"))).to.deep.equal(["ok", "ok", "excess"]);
    for (const peer of flood.slice(1)) ask(peer);
    expect(ask("a")).to.equal("excess");
    for (const peer of flood) ask(peer);
    expect(ask("a")).to.equal("ok");
  });

  it("are remembered of so many that gossip", async () => {
    const clock = new ManualClock();
    const validator = new GossipValidator(
      {
        clock,
        logger: recordingLogger([]),
        metrics: createP2pMetrics(silentMeter),
        penalize: () => {},
        isBanned: () => false,
        onAccepted: () => {},
      },
      {
        topics: TOPIC_LIMITS,
        queue: { maxRunning: 1, reservedForUrgent: 0, maxWaiting: 1, maxPerPeer: 1 },
        maxPeers: 100,
      },
    );
    validator.setHandler("block_proposal", () => ({ result: "ignore", code: "KNOWN" }));
    const send = async (peer: string) => {
      const result = await validator.validate("block_proposal", new Uint8Array(1), peer);
      return result.result === "ignore" && result.code;
    };
    for (let n = 0; n < 20; n++) expect(await send("a")).to.equal("KNOWN");
    for (const peer of flood.slice(1)) await send(peer);
    expect(await send("a")).to.equal("P2P_RATE_LIMITED");
    for (const peer of flood) await send(peer);
    expect(await send("a")).to.equal("KNOWN");
  });
});

describe("seen message ids (LIMIT-3)", () => {
  it("are kept for a minute: so many as peers may send before they are expelled, a few hundred bytes each", () => {
    const { seenTTL } = gossipOptions({ network: NETWORK, loopback: false, maxPeersPerAddress: 10, ownScore: () => 0 });
    const ofPeer = Object.values(TOPIC_LIMITS).reduce(
      (sum, { burst, messagesPerSecond }) => sum + burst + (messagesPerSecond * (seenTTL ?? 0)) / 1_000,
      // What a peer may send above its rates until it is at -100.
      1_000,
    );
    expect(ofPeer).to.be.below(30_000);
  });
});

describe("discovery's datagrams (LIMIT-9)", () => {
  it("one address's flood leaves room for others; the total is bounded, and comes back in a second", () => {
    const clock = new ManualClock();
    const limiter = datagramLimiter(clock, false);
    const taken = (ip: string, count: number) =>
      Array.from({ length: count }, () => limiter.allowEncodedPacket(ip)).filter(Boolean).length;
    expect(taken("203.0.113.5", 10_000)).to.equal(400);
    expect(taken("198.51.100.1", 10)).to.equal(10);
    for (let n = 0; n < 100; n++) taken(`203.0.${n}.6`, 400);
    expect(taken("198.51.100.2", 1)).to.equal(0);
    clock.advanceSync(1_000);
    expect(taken("198.51.100.2", 1)).to.equal(1);
  });

  it("are counted where they come in", async () => {
    const clock = new ManualClock();
    const privateKey = await loadOrCreateIdentity(new SeededRandom(1), undefined);
    const port = await probeUdpPort("127.0.0.1", 0);
    const discovery = new Discovery(
      {
        clock,
        logger: recordingLogger([]),
        random: new SeededRandom(2),
        privateKey,
        record: createRecord(privateKey.raw, NETWORK, { host: "127.0.0.1", tcp: 1, udp: port }),
        peersWanted: () => true,
        onCandidate: () => {},
        onAddress: () => {},
      },
      { network: NETWORK, listen: { host: "127.0.0.1", port }, bootstrapRecords: [] },
    );
    await discovery.start(new AbortController().signal);
    const sender = createSocket("udp4");
    try {
      let counted = 0;
      const steadyMs = clock.steadyMs.bind(clock);
      clock.steadyMs = () => (counted++, steadyMs());
      const isCounted = () => counted > 0;
      for (let sent = 0; sent < 200 && !isCounted(); sent++) {
        await new Promise<void>(resolve => {
          sender.send(new Uint8Array(100), port, "127.0.0.1", () => resolve());
        });
        await new Promise(resolve => setImmediate(resolve));
      }
      expect(counted).to.be.above(0);
    } finally {
      sender.close();
      await discovery.stop();
    }
  });
});
