import { expect } from "chai";
import type { RequestProtocol } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { MAX_CONCURRENT_SERVED, REQUEST_LIMITS } from "./request-limits.js";
import { createP2pMetrics } from "./p2p-metrics.js";
import { RequestClient } from "./request-client.js";
import { ServingRoom } from "./serving-room.js";
import { codeOf } from "./test/coded.js";
import { silentMeter } from "./test/local-network.js";

function setUp() {
  const clock = new ManualClock();
  const room = new ServingRoom(
    { clock },
    { limits: REQUEST_LIMITS, maxConcurrent: MAX_CONCURRENT_SERVED, maxPeers: 2_000 },
  );
  return { clock, room };
}

describe("room for requests (LIMIT-4)", () => {
  it("a crowd that asks as much as it may leaves an honest peer its share", () => {
    const { clock, room } = setUp();
    const crowd = Array.from({ length: 100 }, (_, n) => `crowd ${n}`);
    for (let second = 0; second < 30; second++) {
      for (const peer of crowd)
        for (let n = 0; n < 5; n++) if (room.enter("txs", peer) === "ok") room.leave("txs", peer);
      expect(room.enter("txs", "honest"), `second ${second}`).to.equal("ok");
      room.leave("txs", "honest");
      clock.advanceSync(1_000);
    }
  });

  it("a crowd that holds its requests open leaves an honest peer its first", () => {
    const { room } = setUp();
    const held = Array.from({ length: 100 }, (_, n) =>
      Array.from({ length: REQUEST_LIMITS.txs.maxConcurrentPerPeer }, () => room.enter("txs", `crowd ${n}`)),
    ).flat();
    expect(held.filter(outcome => outcome === "ok").length).to.equal(64 + 100);
    expect(room.enter("txs", "honest")).to.equal("ok");
    expect(room.enter("status", "honest")).to.equal("ok");
  });

  it("a peer is told when it asks more than its rate, and served again when time has passed", () => {
    const { clock, room } = setUp();
    const { burst } = REQUEST_LIMITS.ping.perPeer;
    const outcomes = Array.from({ length: burst + 1 }, () => {
      const outcome = room.enter("ping", "a");
      if (outcome === "ok") room.leave("ping", "a");
      return outcome;
    });
    expect(outcomes.at(-1)).to.equal("excess");
    expect(outcomes.slice(0, -1)).to.deep.equal(Array.from({ length: burst }, () => "ok"));
    clock.advanceSync(1_000);
    expect(room.enter("ping", "a")).to.equal("ok");
  });

  it("a peer has so many requests at once, and a place again for each that is over", () => {
    const { room } = setUp();
    const { maxConcurrentPerPeer } = REQUEST_LIMITS.txs;
    const held = Array.from({ length: maxConcurrentPerPeer }, () => room.enter("txs", "a"));
    expect(held).to.deep.equal(held.map(() => "ok"));
    expect([room.enter("txs", "a"), room.enter("ping", "a")]).to.deep.equal(["busy", "ok"]);
    room.leave("txs", "a");
    expect([room.enter("txs", "a"), room.enter("txs", "a")]).to.deep.equal(["ok", "busy"]);
  });

  it("a crowd gets so much beyond its shares, however many they are", () => {
    const { room } = setUp();
    let served = 0;
    for (let n = 0; n < 200; n++)
      for (let asked = 0; asked < REQUEST_LIMITS.status.perPeer.burst; asked++) {
        if (room.enter("status", `crowd ${n}`) !== "ok") continue;
        served++;
        room.leave("status", `crowd ${n}`);
      }
    expect(served).to.equal(200 * 4 + 500);
  });

  it("the share of each peer fits its rate, and all shares fit what 50 peers may cost", () => {
    for (const [protocol, { perPeer, guaranteed }] of Object.entries(REQUEST_LIMITS)) {
      expect(guaranteed.burst, protocol).to.be.at.most(perPeer.burst);
      expect(guaranteed.perSecond, protocol).to.be.at.most(perPeer.perSecond);
      expect(50 * guaranteed.perSecond, protocol).to.be.at.most(50);
    }
  });
});

/** The rows of the specification: at once and a second, of a peer, its own share, of all; open of a peer; seconds. */
const FIGURES: readonly (readonly [
  protocol: RequestProtocol,
  ofPeer: readonly [number, number],
  ownShare: readonly [number, number],
  ofAll: readonly [number, number],
  open: number,
  seconds: number,
])[] = [
  ["status", [10, 1], [4, 0.2], [500, 100], 2, 5],
  ["ping", [10, 2], [2, 0.2], [500, 100], 2, 5],
  ["goodbye", [2, 0.1], [1, 0.1], [500, 100], 1, 2],
  ["txs", [20, 5], [8, 1], [100, 50], 4, 15],
];

describe("figures of requests (LIMIT-4)", () => {
  for (const [protocol, [burst, perSecond], [share, sharePerSecond], [all, allPerSecond], open, seconds] of FIGURES) {
    const ask = (room: ServingRoom, peer: string) => {
      const outcome = room.enter(protocol, peer);
      if (outcome === "ok") room.leave(protocol, peer);
      return outcome;
    };
    /** How many a crowd that was never here gets of all that it may ask. */
    const crowd = (room: ServingRoom, name: string, peers: number) => {
      let served = 0;
      for (let peer = 0; peer < peers; peer++)
        for (let n = 0; n < burst; n++) if (ask(room, `${name} ${peer}`) === "ok") served++;
      return served;
    };
    const crowdSize = Math.ceil(all / (burst - share)) + 1;

    it(`${protocol}: ${burst} at once and ${perSecond} a second of a peer`, () => {
      const { clock, room } = setUp();
      for (let n = 0; n < burst; n++) expect(ask(room, "a")).to.equal("ok");
      expect(ask(room, "a")).to.equal("excess");
      for (let n = 0; n < 3; n++) {
        clock.advanceSync(1_000 / perSecond - 1);
        expect(ask(room, "a")).to.equal("excess");
        clock.advanceSync(1);
        expect([ask(room, "a"), ask(room, "a")]).to.deep.equal(["ok", "excess"]);
      }
    });

    it(`${protocol}: of all beyond their shares ${all} at once and ${allPerSecond} a second`, () => {
      const { clock, room } = setUp();
      expect(crowd(room, "first", crowdSize)).to.equal(crowdSize * share + all);
      clock.advanceSync(1_000);
      expect(crowd(room, "second", crowdSize)).to.equal(crowdSize * share + allPerSecond);
    });

    it(`${protocol}: ${share} at once and ${sharePerSecond} a second whatever others ask`, () => {
      const { clock, room } = setUp();
      crowd(room, "first", crowdSize);
      const served = () => {
        let count = 0;
        while (ask(room, "honest") === "ok") count++;
        return count;
      };
      expect(served()).to.equal(share);
      const waitMs = 1_000 / sharePerSecond;
      clock.advanceSync(waitMs - 1);
      crowd(room, "second", crowdSize);
      expect(served()).to.equal(0);
      clock.advanceSync(1);
      crowd(room, "third", crowdSize);
      expect(ask(room, "honest")).to.equal("ok");
      expect(ask(room, "honest")).to.not.equal("ok");
    });

    it(`${protocol}: ${open} at once of a peer`, () => {
      const { clock, room } = setUp();
      for (let n = 0; n < open; n++) expect(room.enter(protocol, "a")).to.equal("ok");
      clock.advanceSync(60_000);
      expect(room.enter(protocol, "a")).to.equal("busy");
    });

    it(`${protocol}: ${seconds} s for an answer`, async () => {
      const clock = new ManualClock();
      const client = new RequestClient(
        {
          clock,
          metrics: createP2pMetrics(silentMeter),
          openStream: () => new Promise(() => {}),
          onMisbehaviour: () => {},
        },
        { limits: REQUEST_LIMITS },
      );
      let outcome: unknown = "waiting";
      void codeOf(client.request("a", { protocol, data: new Uint8Array() })).then(code => (outcome = code));
      await clock.advance(1_000 * seconds - 1);
      expect(outcome).to.equal("waiting");
      await clock.advance(1);
      expect(outcome).to.equal("P2P_TIMEOUT");
    });
  }

  it("64 at once of all besides each peer's first", () => {
    const { room } = setUp();
    const held = Array.from({ length: 64 }, (_, n) => {
      const peer = `crowd ${n}`;
      return [room.enter("txs", peer), room.enter("txs", peer)];
    }).flat();
    expect(held).to.not.include("busy");
    expect([room.enter("txs", "a"), room.enter("txs", "a")]).to.deep.equal(["ok", "busy"]);
    room.leave("txs", "crowd 0");
    expect(room.enter("txs", "a")).to.equal("ok");
  });
});
