import { expect } from "chai";
import { ManualClock } from "@sprtn/runtime";
import { BanList } from "./ban-list.js";
import { datagramLimiter } from "./datagram-limiter.js";
import { gossipOptions } from "./gossip-parameters.js";
import { TOPIC_LIMITS } from "./gossip-limits.js";
import { PeerScores } from "./peer-scores.js";
import { NETWORK } from "./test/local-network.js";

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
    clock.jump(1_000);
    expect(taken("198.51.100.2", 1)).to.equal(1);
  });
});
