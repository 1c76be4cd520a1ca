import { expect } from "chai";
import type { Topic } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { TOPIC_LIMITS } from "./gossip-limits.js";
import { GossipValidator } from "./gossip-validator.js";
import { createP2pMetrics } from "./p2p-metrics.js";
import { recordingLogger, silentMeter } from "./test/local-network.js";

const data = Uint8Array.of(1);
const FLOOD = 5_000;

function setUp() {
  const clock = new ManualClock();
  const banned = new Set<string>();
  const points: number[] = [];
  let judged = 0;
  const validator = new GossipValidator(
    {
      clock,
      logger: recordingLogger([]),
      metrics: createP2pMetrics(silentMeter),
      penalize: (_peer, cost) => void points.push(cost),
      isBanned: peer => banned.has(peer),
      onAccepted: () => {},
    },
    {
      topics: TOPIC_LIMITS,
      queue: { maxRunning: 2, reservedForUrgent: 1, maxWaiting: 10, maxPerPeer: 10 },
      maxPeers: 10_000,
    },
  );
  for (const topic of Object.keys(TOPIC_LIMITS) as Topic[])
    validator.setHandler(topic, () => (judged++, { result: "accept" }));
  /** How many of as many messages were judged, and how many passed on. */
  const send = async (topic: Topic, from: (n: number) => string) => {
    const before = judged;
    let passedOn = 0;
    for (let n = 0; n < FLOOD; n++)
      if ((await validator.validate(topic, data, from(n))).result === "accept") passedOn++;
    return { judged: judged - before, passedOn };
  };
  return { clock, validator, banned, points, send };
}

describe("LIMIT-2: rates of gossip", () => {
  for (const [topic, burst, perSecond] of [
    ["tx", 1_000, 200],
    ["block_attestation", 512, 128],
    ["block_proposal", 20, 5],
    ["epoch_proof_quote", 64, 16],
  ] as const) {
    it(`of ${topic}: ${burst} at once and ${perSecond} a second of a peer are judged`, async () => {
      const { clock, send } = setUp();
      expect((await send(topic, () => "a")).judged).to.equal(burst);
      clock.advanceSync(1_000);
      expect((await send(topic, () => "a")).judged).to.equal(perSecond);
    });
  }

  it("of transactions 400 at once and 80 a second are passed on, however many peers send them", async () => {
    const { clock, send } = setUp();
    expect(await send("tx", n => `peer ${n}`)).to.deep.equal({ judged: FLOOD, passedOn: 400 });
    clock.advanceSync(1_000);
    expect(await send("tx", n => `peer ${n}`)).to.deep.equal({ judged: FLOOD, passedOn: 80 });
  });

  it("a peer that is being sent away costs itself nothing more, whatever it has sent", async () => {
    const { validator, banned, points, send } = setUp();
    banned.add("a");
    expect((await send("block_proposal", () => "a")).judged).to.equal(0);
    const large = new Uint8Array(TOPIC_LIMITS.tx.maxBytes + 1);
    expect(await validator.validate("tx", large, "a")).to.deep.equal({ result: "ignore", code: "P2P_BANNED" });
    expect(points).to.deep.equal([]);
  });
});
