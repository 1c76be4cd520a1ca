import { expect } from "chai";
import { ManualClock } from "@sprtn/runtime";
import { Dialer, type DialerSettings } from "./dialer.js";
import { recordingLogger } from "./test/local-network.js";

const SETTINGS: DialerSettings = {
  self: "self",
  minPeers: 3,
  minOutbound: 0,
  maxPerAddress: 2,
  maxDialsAtOnce: 2,
  maxCandidates: 10,
  backoff: { firstDelayMs: 1_000, maxDelayMs: 8_000 },
  maxFailures: 3,
};
const signal = new AbortController().signal;

function setUp(settings: Partial<DialerSettings> = {}, inbound = 0) {
  const clock = new ManualClock();
  const dialled: string[] = [];
  const connected = new Set<string>();
  const banned = new Set<string>();
  const failing = new Set<string>();
  const dialer = new Dialer(
    {
      clock,
      random: { bytes: length => new Uint8Array(length).fill(255) },
      logger: recordingLogger([]),
      connectedCount: () => connected.size + inbound,
      outboundCount: () => connected.size,
      isConnected: peer => connected.has(peer),
      isBanned: peer => banned.has(peer),
      dial: async ({ peer }) => {
        dialled.push(peer);
        if (failing.has(peer)) throw new RangeError("refused");
        connected.add(peer);
      },
    },
    { ...SETTINGS, ...settings },
  );
  const add = (...peers: string[]) => peers.map(peer => dialer.add({ peer, addresses: [`/${peer}`] }));
  return { clock, dialer, dialled, connected, banned, failing, add };
}

describe("Dialer", () => {
  it("dials a few at a time until there are enough connections", async () => {
    const { dialer, dialled, connected, add } = setUp();
    expect(add("a", "b", "c", "d", "self", "a")).to.deep.equal([true, true, true, true, false, false]);
    await dialer.round(signal);
    expect(dialled).to.deep.equal(["a", "b"]);
    await dialer.round(signal);
    await dialer.round(signal);
    expect(dialled).to.deep.equal(["a", "b", "c"]);
    connected.delete("a");
    await dialer.round(signal);
    expect(dialled).to.deep.equal(["a", "b", "c", "a"]);
  });

  it("waits longer after each failure and forgets a discovered peer, but no bootstrap node", async () => {
    const { dialer, dialled, failing, clock, add } = setUp();
    dialer.add({ peer: "boot", addresses: ["/boot"] }, true);
    add("found");
    for (const peer of ["boot", "found"]) failing.add(peer);
    const dialledAt: number[] = [];
    for (let second = 0; second <= 40; second++) {
      const before = dialled.filter(peer => peer === "boot").length;
      await dialer.round(signal);
      if (dialled.filter(peer => peer === "boot").length > before) dialledAt.push(second);
      clock.advanceSync(1_000);
    }
    expect(dialledAt).to.deep.equal([0, 1, 3, 7, 15, 23, 31, 39]);
    expect(dialled.filter(peer => peer === "found")).to.have.length(3);
    expect(add("found")).to.deep.equal([true]);
  });

  it("leaves banned and postponed peers alone, and starts afresh after a success", async () => {
    const { dialer, dialled, banned, failing, clock, connected, add } = setUp();
    add("a", "b");
    banned.add("a");
    dialer.postpone("b", 5_000);
    for (const ms of [0, 3_600_000, -7_200_000]) {
      clock.jump(ms);
      await dialer.round(signal);
      expect(dialled, `a wall clock set by ${ms}`).to.deep.equal([]);
    }
    clock.advanceSync(5_000);
    failing.add("b");
    await dialer.round(signal);
    await dialer.round(signal);
    expect(dialled).to.deep.equal(["b"]);
    dialer.succeeded("b");
    failing.delete("b");
    await dialer.round(signal);
    expect([...connected]).to.deep.equal(["b"]);
  });

  it("LIMIT-7: seeks peers of its own choice, however many have come by themselves", async () => {
    const { dialer, dialled, add } = setUp({ minOutbound: 2 }, 100);
    add("a", "b", "c");
    for (let round = 0; round < 3; round++) await dialer.round(signal);
    expect(dialled).to.deep.equal(["a", "b"]);
  });

  it("LIMIT-7: thousands of names displace no bootstrap node and nobody who proved good", async () => {
    const { dialer, dialled, connected, add } = setUp();
    dialer.add({ peer: "boot", addresses: ["/boot"] }, true);
    add("good");
    dialer.succeeded("good");
    for (let n = 0; n < 5_000; n++) add(`flood ${n}`);
    await dialer.round(signal);
    expect(dialled).to.deep.equal(["boot", "good"]);
    connected.clear();
    await dialer.round(signal);
    expect(dialled.slice(2)).to.deep.equal(["boot", "good"]);
  });

  it("LIMIT-7: so many are known at most, those heard of and those that proved good: the oldest are forgotten", () => {
    const { dialer, add } = setUp();
    for (let n = 0; n < 100; n++) {
      add(`good ${n}`);
      dialer.succeeded(`good ${n}`);
    }
    for (let n = 0; n < 100; n++) add(`heard of ${n}`);
    // A candidate is new to a dialer that has forgotten it.
    expect(add("good 99", "good 90", "heard of 99", "heard of 90")).to.deep.equal([false, false, false, false]);
    expect(add("good 89", "heard of 89")).to.deep.equal([true, true]);
  });

  it("LIMIT-7: candidates of one address are few, of one that proved good or failed room again", () => {
    const { dialer } = setUp();
    const at = (peer: string, host: string) => dialer.add({ peer, addresses: [`/ip4/${host}/tcp/1/p2p/${peer}`] });
    const six = (peer: string, host: string) => dialer.add({ peer, addresses: [`/ip6/${host}/tcp/1/p2p/${peer}`] });
    expect(["a", "b", "c"].map(peer => at(peer, "203.0.113.5"))).to.deep.equal([true, true, false]);
    dialer.succeeded("a");
    for (let n = 0; n < 3; n++) dialer.failed("b");
    expect(["d", "e", "f"].map(peer => at(peer, "203.0.113.5"))).to.deep.equal([true, true, false]);
    expect(["g", "h", "i"].map((peer, n) => six(peer, `2001:db8::${n + 1}`))).to.deep.equal([true, true, false]);
    expect(["j", "k", "l"].map(peer => at(peer, "127.0.0.1"))).to.deep.equal([true, true, true]);
  });
});
