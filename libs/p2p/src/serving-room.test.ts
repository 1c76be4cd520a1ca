import { expect } from "chai";
import { ManualClock } from "@sprtn/runtime";
import { MAX_CONCURRENT_SERVED, REQUEST_LIMITS } from "./request-limits.js";
import { ServingRoom } from "./serving-room.js";

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
      clock.jump(1_000);
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
    clock.jump(1_000);
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
