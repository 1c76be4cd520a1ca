import { expect } from "chai";
import { ManualClock } from "@sprtn/runtime";
import { BanList } from "./ban-list.js";
import { PeerScores } from "./peer-scores.js";

describe("PeerScores", () => {
  it("adds up and halves with time", () => {
    const clock = new ManualClock();
    const scores = new PeerScores({ clock }, { halfLifeMs: 1_000, maxPeers: 2 });
    expect(scores.scoreOf("a")).to.equal(0);
    expect(scores.penalize("a", 30)).to.equal(-30);
    expect(scores.penalize("a", 10)).to.equal(-40);
    clock.advanceSync(1_000);
    expect(scores.scoreOf("a")).to.equal(-20);
    for (const ms of [-3_600_000, 7_200_000]) {
      clock.jump(ms);
      expect(scores.scoreOf("a"), `a wall clock set by ${ms}`).to.equal(-20);
    }
    clock.advanceSync(60_000);
    expect(scores.scoreOf("a")).to.equal(0);
  });

  it("forgets whom it heard of least recently", () => {
    const scores = new PeerScores({ clock: new ManualClock() }, { halfLifeMs: 1_000, maxPeers: 2 });
    for (const peer of ["a", "b", "c"]) scores.penalize(peer, 1);
    expect(["a", "b", "c"].map(peer => scores.scoreOf(peer))).to.deep.equal([0, -1, -1]);
  });
});

describe("BanList", () => {
  it("bans for a while", () => {
    const clock = new ManualClock();
    const bans = new BanList({ clock }, { maxPeers: 10 });
    bans.ban("a", 1_000, "WHY");
    expect([bans.reasonOf("a"), bans.reasonOf("b")]).to.deep.equal(["WHY", undefined]);
    clock.advanceSync(999);
    for (const ms of [-3_600_000, 7_200_000]) {
      clock.jump(ms);
      expect(bans.reasonOf("a"), `a wall clock set by ${ms}`).to.equal("WHY");
    }
    clock.advanceSync(1);
    expect(bans.reasonOf("a")).to.equal(undefined);
  });
});
