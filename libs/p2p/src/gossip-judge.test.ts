import { expect } from "chai";
import { CodedError } from "@sprtn/primitives";
import type { Verdict } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { GossipJudge } from "./gossip-judge.js";
import { TOPIC_LIMITS } from "./gossip-limits.js";
import { createP2pMetrics } from "./p2p-metrics.js";
import { recordingLogger, silentMeter } from "./test/local-network.js";

const data = Uint8Array.of(1);

function setUp() {
  const clock = new ManualClock();
  const penalties: [string, number, string][] = [];
  const accepted: string[] = [];
  const judge = new GossipJudge(
    {
      clock,
      logger: recordingLogger([]),
      metrics: createP2pMetrics(silentMeter),
      onAccepted: peer => void accepted.push(peer),
      penalize: (...penalty) => void penalties.push(penalty),
    },
    {
      topics: TOPIC_LIMITS,
      queue: { maxRunning: 2, reservedForUrgent: 0, maxWaiting: 10, maxPerPeer: 2 },
      maxPeers: 10,
    },
  );
  return { clock, judge, penalties, accepted };
}

describe("GossipJudge", () => {
  it("passes on the handler's verdict; a rejection costs 15 points", async () => {
    const { judge, penalties, accepted } = setUp();
    let verdict: Verdict = { result: "accept" };
    judge.setHandler("tx", () => verdict);
    expect(await judge.judge("tx", data, "a")).to.deep.equal(verdict);
    verdict = { result: "ignore", code: "TX_KNOWN" };
    expect(await judge.judge("tx", data, "a")).to.deep.equal(verdict);
    expect(penalties).to.deep.equal([]);
    verdict = { result: "reject", code: "TX_BAD" };
    expect(await judge.judge("tx", data, "a")).to.deep.equal(verdict);
    expect(penalties).to.deep.equal([["a", 15, "TX_BAD"]]);
    expect(accepted).to.deep.equal(["a"]);
  });

  for (const [topic, { maxBytes }] of Object.entries(TOPIC_LIMITS) as [
    keyof typeof TOPIC_LIMITS,
    { maxBytes: number },
  ][]) {
    it(`rejects a ${topic} above ${maxBytes} bytes unseen`, async () => {
      const { judge, penalties } = setUp();
      const seen: number[] = [];
      judge.setHandler(topic, message => {
        seen.push(message.data.length);
        return { result: "accept" };
      });
      expect(await judge.judge(topic, new Uint8Array(maxBytes), "a")).to.deep.equal({ result: "accept" });
      expect(await judge.judge(topic, new Uint8Array(maxBytes + 1), "a")).to.deep.equal({
        result: "reject",
        code: "P2P_TOO_LARGE",
      });
      expect(seen).to.deep.equal([maxBytes]);
      expect(penalties).to.have.length(1);
    });
  }

  it("ignores what exceeds a peer's rate, for a small cost, without touching other peers", async () => {
    const { judge, penalties, clock } = setUp();
    judge.setHandler("block_proposal", () => ({ result: "accept" }));
    for (let i = 0; i < 20; i++)
      expect(await judge.judge("block_proposal", data, "a")).to.deep.equal({ result: "accept" });
    expect(await judge.judge("block_proposal", data, "a")).to.deep.equal({
      result: "ignore",
      code: "P2P_RATE_LIMITED",
    });
    expect(penalties).to.deep.equal([["a", 0.1, "P2P_RATE_LIMITED"]]);
    expect(await judge.judge("block_proposal", data, "b")).to.deep.equal({ result: "accept" });
    clock.jump(1_000);
    expect(await judge.judge("block_proposal", data, "a")).to.deep.equal({ result: "accept" });
  });

  it("ignores what finds no room, and what nobody handles", async () => {
    const { judge } = setUp();
    const held = Promise.withResolvers<Verdict>();
    judge.setHandler("tx", () => held.promise);
    const waiting = [judge.judge("tx", data, "a"), judge.judge("tx", data, "a")];
    expect(await judge.judge("tx", data, "a")).to.deep.equal({ result: "ignore", code: "P2P_BUSY" });
    held.resolve({ result: "accept" });
    expect(await Promise.all(waiting)).to.have.length(2);
    expect(await judge.judge("block_proposal", data, "a")).to.deep.equal({ result: "ignore", code: "P2P_NO_HANDLER" });
  });

  it("takes a throw for an ignore with its code", async () => {
    const { judge, penalties } = setUp();
    judge.setHandler("tx", () => {
      throw new CodedError("STATE_GONE", "text");
    });
    expect(await judge.judge("tx", data, "a")).to.deep.equal({ result: "ignore", code: "STATE_GONE" });
    expect(penalties).to.deep.equal([]);
  });

  it("LIMIT-2: passes on less than its peers take from it, so that no flood makes them blame it", async () => {
    const { relay, burst, messagesPerSecond } = TOPIC_LIMITS.tx;
    expect(relay?.burst).to.be.below(burst);
    expect(relay?.perSecond).to.be.below(messagesPerSecond);
    const [relaying, neighbour] = [setUp(), setUp()];
    for (const { judge } of [relaying, neighbour]) judge.setHandler("tx", () => ({ result: "accept" }));
    let passedOn = 0;
    for (let second = 0; second < 60; second++) {
      for (let n = 0; n < 500; n++) {
        const { result } = await relaying.judge.judge("tx", data, `flood ${n % 10}`);
        if (result !== "accept") continue;
        passedOn++;
        await neighbour.judge.judge("tx", data, "relaying");
      }
      for (const { clock } of [relaying, neighbour]) clock.jump(1_000);
    }
    expect(passedOn).to.be.above(60 * (relay?.perSecond ?? 0));
    expect(neighbour.penalties).to.deep.equal([]);
  });

  it("LIMIT-2: what is rare has no such bound", async () => {
    const { judge } = setUp();
    expect(Array.from({ length: 5_000 }, () => judge.mayRelay("block_attestation"))).to.not.include(false);
    expect(Array.from({ length: 5_000 }, () => judge.mayRelay("tx"))).to.include(false);
  });
});
