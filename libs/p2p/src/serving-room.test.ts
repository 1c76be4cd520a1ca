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
    expect(held.filter(outcome => outcome === "ok").length).to.be.at.most(MAX_CONCURRENT_SERVED + 100);
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

  it("the share of each peer fits its rate, and all shares fit what 50 peers may cost", () => {
    for (const [protocol, { perPeer, guaranteed }] of Object.entries(REQUEST_LIMITS)) {
      expect(guaranteed.burst, protocol).to.be.at.most(perPeer.burst);
      expect(guaranteed.perSecond, protocol).to.be.at.most(perPeer.perSecond);
      expect(50 * guaranteed.perSecond, protocol).to.be.at.most(50);
    }
  });
});
