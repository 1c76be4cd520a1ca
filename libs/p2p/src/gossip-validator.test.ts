import { expect } from "chai";
import { CodedError } from "@sprtn/primitives";
import type { Meter, ValidationResult } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { GossipValidator } from "./gossip-validator.js";
import { TOPIC_LIMITS } from "./gossip-limits.js";
import { createP2pMetrics } from "./p2p-metrics.js";
import { recordingLogger, silentMeter } from "./test/local-network.js";

const data = Uint8Array.of(1);

function setUp(meter: Meter = silentMeter) {
  const clock = new ManualClock();
  const penalties: [string, number, string][] = [];
  const accepted: string[] = [];
  const banned = new Set<string>();
  const validator = new GossipValidator(
    {
      clock,
      logger: recordingLogger([]),
      metrics: createP2pMetrics(meter),
      onAccepted: peer => void accepted.push(peer),
      penalize: (...penalty) => {
        penalties.push(penalty);
        if (penalties.filter(([peer]) => peer === penalty[0]).length === 7) banned.add(penalty[0]);
      },
      isBanned: peer => banned.has(peer),
    },
    {
      topics: TOPIC_LIMITS,
      queue: { maxRunning: 2, reservedForUrgent: 0, maxWaiting: 10, maxPerPeer: 2 },
      maxPeers: 10,
    },
  );
  return { clock, validator, penalties, accepted };
}

describe("GossipValidator", () => {
  it("LIMIT-2: counts what it accepts and does not pass on", async () => {
    const counted: string[] = [];
    const counter = ({ name }: { readonly name: string }) => ({ add: () => void counted.push(name) });
    const { validator } = setUp({ ...silentMeter, counter });
    validator.setHandler("tx", () => ({ result: "accept" }));
    const burst = TOPIC_LIMITS.tx.relay?.burst ?? 0;
    for (let n = 0; n < burst; n++) expect(validator.mayRelay("tx")).to.equal(true);
    expect(counted).to.deep.equal([]);
    expect(await validator.validate("tx", data, "a")).to.deep.equal({ result: "ignore", code: "P2P_RELAY_FULL" });
    expect(counted).to.include("sprtn_p2p_gossip_not_relayed_total");
  });

  it("passes on the handler's verdict; a rejection costs 15 points, a penalty 5", async () => {
    const { validator, penalties, accepted } = setUp();
    let verdict: ValidationResult = { result: "accept" };
    validator.setHandler("tx", () => verdict);
    expect(await validator.validate("tx", data, "a")).to.deep.equal(verdict);
    verdict = { result: "ignore", code: "TX_KNOWN" };
    expect(await validator.validate("tx", data, "a")).to.deep.equal(verdict);
    expect(penalties).to.deep.equal([]);
    verdict = { result: "ignore", code: "TX_SECOND", penalty: "mild" };
    expect(await validator.validate("tx", data, "b")).to.deep.equal(verdict);
    expect(penalties).to.deep.equal([["b", 5, "TX_SECOND"]]);
    penalties.length = 0;
    verdict = { result: "reject", code: "TX_BAD" };
    expect(await validator.validate("tx", data, "a")).to.deep.equal(verdict);
    expect(penalties).to.deep.equal([["a", 15, "TX_BAD"]]);
    expect(accepted).to.deep.equal(["a"]);
  });

  for (const [topic, { maxBytes }] of Object.entries(TOPIC_LIMITS) as [
    keyof typeof TOPIC_LIMITS,
    { maxBytes: number },
  ][]) {
    it(`rejects a ${topic} above ${maxBytes} bytes unseen`, async () => {
      const { validator, penalties } = setUp();
      const seen: number[] = [];
      validator.setHandler(topic, message => {
        seen.push(message.data.length);
        return { result: "accept" };
      });
      expect(await validator.validate(topic, new Uint8Array(maxBytes), "a")).to.deep.equal({ result: "accept" });
      expect(await validator.validate(topic, new Uint8Array(maxBytes + 1), "a")).to.deep.equal({
        result: "reject",
        code: "P2P_TOO_LARGE",
      });
      expect(seen).to.deep.equal([maxBytes]);
      expect(penalties).to.have.length(1);
    });
  }

  it("ignores what exceeds a peer's rate, for a small cost, without touching other peers", async () => {
    const { validator, penalties, clock } = setUp();
    validator.setHandler("block_proposal", () => ({ result: "accept" }));
    for (let i = 0; i < 20; i++)
      expect(await validator.validate("block_proposal", data, "a")).to.deep.equal({ result: "accept" });
    expect(await validator.validate("block_proposal", data, "a")).to.deep.equal({
      result: "ignore",
      code: "P2P_RATE_LIMITED",
    });
    expect(penalties).to.deep.equal([["a", 0.1, "P2P_RATE_LIMITED"]]);
    expect(await validator.validate("block_proposal", data, "b")).to.deep.equal({ result: "accept" });
    clock.advanceSync(1_000);
    expect(await validator.validate("block_proposal", data, "a")).to.deep.equal({ result: "accept" });
  });

  it("ignores what finds no room, and what nobody handles", async () => {
    const { validator } = setUp();
    const held = Promise.withResolvers<ValidationResult>();
    validator.setHandler("tx", () => held.promise);
    const waiting = [validator.validate("tx", data, "a"), validator.validate("tx", data, "a")];
    expect(await validator.validate("tx", data, "a")).to.deep.equal({ result: "ignore", code: "P2P_BUSY" });
    held.resolve({ result: "accept" });
    expect(await Promise.all(waiting)).to.have.length(2);
    expect(await validator.validate("block_proposal", data, "a")).to.deep.equal({
      result: "ignore",
      code: "P2P_NO_HANDLER",
    });
  });

  it("takes a throw for an ignore with its code", async () => {
    const { validator, penalties } = setUp();
    validator.setHandler("tx", () => {
      throw new CodedError("STATE_GONE", "text");
    });
    expect(await validator.validate("tx", data, "a")).to.deep.equal({ result: "ignore", code: "STATE_GONE" });
    expect(penalties).to.deep.equal([]);
  });

  it("LIMIT-2: passes on less than its peers take from it, so that no flood makes them blame it", async () => {
    const { relay, burst, messagesPerSecond } = TOPIC_LIMITS.tx;
    expect(relay?.burst).to.be.below(burst);
    expect(relay?.perSecond).to.be.below(messagesPerSecond);
    const [relaying, neighbour] = [setUp(), setUp()];
    for (const { validator } of [relaying, neighbour]) validator.setHandler("tx", () => ({ result: "accept" }));
    let passedOn = 0;
    for (let second = 0; second < 60; second++) {
      for (let n = 0; n < 500; n++) {
        const { result } = await relaying.validator.validate("tx", data, `flood ${n % 10}`);
        if (result !== "accept") continue;
        passedOn++;
        await neighbour.validator.validate("tx", data, "relaying");
      }
      for (const { clock } of [relaying, neighbour]) clock.advanceSync(1_000);
    }
    expect(passedOn).to.be.above(60 * (relay?.perSecond ?? 0));
    expect(neighbour.penalties).to.deep.equal([]);
  });

  it("LIMIT-2: what a peer had sent before it was banned is not looked at", async () => {
    const { validator, penalties } = setUp();
    let seen = 0;
    validator.setHandler("block_attestation", () => {
      seen++;
      return { result: "reject", code: "GARBAGE" };
    });
    for (let i = 0; i < 100; i++) await validator.validate("block_attestation", data, "a");
    expect([seen, penalties.length]).to.deep.equal([7, 7]);
    expect(await validator.validate("block_attestation", data, "b")).to.deep.include({ code: "GARBAGE" });
  });

  it("nor is what waits in line when it is banned", async () => {
    const { validator } = setUp();
    let seen = 0;
    validator.setHandler("block_attestation", () => {
      seen++;
      return { result: "reject", code: "GARBAGE" };
    });
    for (let i = 0; i < 6; i++) await validator.validate("block_attestation", data, "a");
    const ends: (() => void)[] = [];
    validator.setHandler("tx", () => new Promise(resolve => ends.push(() => resolve({ result: "accept" }))));
    const held = [1, 2].map(i => validator.validate("tx", Uint8Array.of(i), "b"));
    const waiting = [1, 2].map(() => validator.validate("block_attestation", data, "a"));
    ends[0]?.();
    await held[0];
    const codes = (await Promise.all(waiting)).map(result => result.result !== "accept" && result.code);
    expect([seen, codes]).to.deep.equal([7, ["GARBAGE", "P2P_BANNED"]]);
    ends[1]?.();
    await held[1];
  });

  it("LIMIT-2: what is rare has no such bound", async () => {
    const { validator } = setUp();
    expect(Array.from({ length: 5_000 }, () => validator.mayRelay("block_attestation"))).to.not.include(false);
    expect(Array.from({ length: 5_000 }, () => validator.mayRelay("tx"))).to.include(false);
  });
});
