import { expect } from "chai";
import { ManualClock } from "@sprtn/runtime";
import { addressGroup } from "./address-group.js";
import { KnownPeers } from "./known-peers.js";
import { PeerPlaces, type PeerPlacesSettings, sharesOf } from "./peer-places.js";

const PROBATION_MS = 60_000;

function setUp(settings: Partial<PeerPlacesSettings> = {}) {
  const clock = new ManualClock();
  const known = new KnownPeers({ clock }, { maxPeers: 20, rememberMs: 3_600_000 });
  const displaced: string[] = [];
  const dialled = { count: 0 };
  const places = new PeerPlaces(
    {
      clock,
      isKnown: peer => known.has(peer),
      outboundCount: () => dialled.count,
      displace: peer => void displaced.push(peer),
      onKnownLeft: group => known.noteAddress(group),
    },
    { maxPeers: 20, ...sharesOf(20, "node"), maxPerAddress: 4, probationMs: PROBATION_MS, ...settings },
  );
  /** The connection, if the peer may stay. */
  const connect = (peer: string, host = "127.0.0.1"): object | undefined => {
    const connection = {};
    if (!places.enter(connection, host)) return undefined;
    if (places.admit(connection, peer)) return connection;
    places.leave(connection);
    return undefined;
  };
  const crowd = (count: number, name = "crowd") =>
    Array.from({ length: count }, (_, n) => connect(`${name} ${n}`)).filter(each => each !== undefined).length;
  return { clock, known, displaced, dialled, places, connect, crowd };
}

describe("peers' places (LIMIT-5)", () => {
  it("a crowd leaves a quarter to peers that the node dials and a quarter to those that it knows", () => {
    const { crowd, connect, known, places } = setUp();
    expect(crowd(100)).to.equal(10);
    for (let n = 0; n < 10; n++) known.note(`known ${n}`);
    const admitted = Array.from({ length: 10 }, (_, n) => connect(`known ${n}`));
    expect(admitted.filter(each => each !== undefined).length).to.equal(5);
    expect(places.size).to.equal(15);
  });

  it("a bootstrap node of the settings is known before it was of any use", () => {
    const { crowd, connect, known } = setUp();
    known.addBootstrap("boot");
    crowd(100);
    expect([connect("boot") !== undefined, connect("stranger")]).to.deep.equal([true, undefined]);
  });

  it("the address of a known peer is remembered when it leaves; not a stranger's, and not loopback", () => {
    const { clock, connect, known, places } = setUp();
    const leave = (peer: string, host: string) => places.leave(connect(peer, host) as object);
    known.note("validator");
    leave("stranger", "10.0.0.1");
    leave("validator", "127.0.0.1");
    expect(["10.0.0.1", "127.0.0.1"].filter(host => known.hasAddress(host))).to.deep.equal([]);
    leave("validator", "10.0.0.2");
    expect(known.hasAddress("10.0.0.2")).to.equal(true);
    clock.advanceSync(3_600_000);
    expect(known.hasAddress("10.0.0.2")).to.equal(true);
    clock.advanceSync(1);
    expect(known.hasAddress("10.0.0.2")).to.equal(false);
  });

  it("who has a place keeps it, whatever crowd comes later", () => {
    const { crowd, connect, displaced, clock, known, places } = setUp();
    const honest = ["a", "b", "c"].map(peer => connect(peer));
    for (const peer of ["a", "b", "c"]) known.note(peer);
    for (let minute = 0; minute < 30; minute++) {
      crowd(100, `minute ${minute}`);
      clock.advanceSync(PROBATION_MS);
    }
    expect(displaced.filter(peer => ["a", "b", "c"].includes(peer))).to.deep.equal([]);
    expect(honest).to.not.include(undefined);
    expect(places.size).to.be.at.most(15);
  });

  it("a stranger that was of no use for a while makes room for the next, not before", () => {
    const { crowd, connect, displaced, clock, known } = setUp();
    crowd(10);
    known.note("crowd 0");
    expect(connect("eleventh")).to.not.equal(undefined);
    expect(connect("late")).to.equal(undefined);
    clock.advanceSync(PROBATION_MS);
    expect(connect("late")).to.not.equal(undefined);
    expect(displaced).to.deep.equal(["crowd 1"]);
  });

  it("an address has so many connections, opening ones too; an IPv6 network counts as one, loopback as none", () => {
    const { places, connect } = setUp();
    const open = Array.from({ length: 5 }, () => ({}));
    expect(open.map(connection => places.enter(connection, "203.0.113.5"))).to.deep.equal([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(connect("elsewhere", "203.0.113.6")).to.not.equal(undefined);
    places.leave(open[0] as object);
    expect(places.enter({}, "203.0.113.5")).to.equal(true);
    const six = Array.from({ length: 5 }, (_, n) => places.enter({}, `2001:db8:1:2::${n + 1}`));
    expect(six).to.deep.equal([true, true, true, true, false]);
    expect(places.enter({}, "2001:db8:1:3::1")).to.equal(true);
    expect(Array.from({ length: 50 }, () => places.enter({}, "127.0.0.1"))).to.not.include(false);
  });

  it("of the strangers past their time, one of the fullest address goes", () => {
    const { connect, displaced, clock } = setUp({ maxPeers: 4, reservedForOutbound: 0, reservedForKnown: 0 });
    for (const [peer, host] of [
      ["lone", "198.51.100.1"],
      ["one", "203.0.113.5"],
      ["two", "203.0.113.5"],
      ["three", "203.0.113.5"],
    ] as const)
      connect(peer, host);
    clock.advanceSync(PROBATION_MS);
    connect("next", "198.51.100.2");
    expect(displaced).to.deep.equal(["one"]);
  });

  it("more dialled peers than were reserved leave fewer places, and one peer has two connections at most", () => {
    const { crowd, connect, dialled, places } = setUp();
    dialled.count = 12;
    expect(crowd(100)).to.equal(3);
    expect([connect("crowd 0") !== undefined, connect("crowd 0")]).to.deep.equal([true, undefined]);
    expect(places.size).to.equal(4);
  });

  it("small and bootstrap nodes have all their places for whoever comes", () => {
    expect([sharesOf(3, "node"), sharesOf(50, "bootstrap"), sharesOf(50, "node")]).to.deep.equal([
      { reservedForOutbound: 0, reservedForKnown: 0 },
      { reservedForOutbound: 0, reservedForKnown: 0 },
      { reservedForOutbound: 12, reservedForKnown: 12 },
    ]);
  });
});

describe("known peers (LIMIT-6)", () => {
  it("who was of use longest ago is forgotten first, and everyone in the end, but for bootstrap nodes", () => {
    const { known, clock } = setUp();
    known.addBootstrap("boot");
    known.note("validator");
    for (let n = 0; n < 100; n++) {
      known.note(`crowd ${n}`);
      known.note("validator");
    }
    expect(["boot", "validator", "crowd 99", "crowd 0"].map(peer => known.has(peer))).to.deep.equal([
      true,
      true,
      true,
      false,
    ]);
    clock.advanceSync(3_600_001);
    expect(["boot", "validator"].map(peer => known.has(peer))).to.deep.equal([true, false]);
  });
});

describe("address groups", () => {
  it("IPv4 as it is, IPv6 by its first 64 bits", () => {
    for (const [host, group] of [
      ["203.0.113.5", "203.0.113.5"],
      ["::ffff:203.0.113.5", "203.0.113.5"],
      ["2001:db8::1", "2001:db8:0:0"],
      ["2001:0db8:0:0:5::1", "2001:db8:0:0"],
      ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
      ["fe80::1%eth0", "fe80:0:0:0"],
      ["::1", "0:0:0:0"],
    ] as const)
      expect(addressGroup(host), host).to.equal(group);
  });
});
