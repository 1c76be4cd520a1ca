import { expect } from "chai";
import type { FeedEvent, FeedState } from "@sprtn/feed";
import { Network, NOW_MS } from "../test/network.js";
import { FeedFollower, type Followed, type FeedPorts, retryDelayMs, type StreamListener } from "./follow-feed.js";

const initial = new Network().run().state;
const at = (seq: number): FeedState => ({ ...initial, seq });
const event = (seq: number, change: Partial<FeedEvent> = {}): FeedEvent =>
  ({ v: 1, seq, atMs: NOW_MS + seq, t: "pool", pool: { count: seq, bytes: 0 }, ...change }) as FeedEvent;

/** A page's surroundings, with a clock that only a test moves. */
class Surroundings implements FeedPorts {
  ms = NOW_MS;
  reloads = 0;
  readonly streams: { listener: StreamListener; since: number | null; open: boolean }[] = [];
  readonly asked: { resolve: (state: FeedState) => void; reject: () => void }[] = [];
  followed: Followed | undefined;
  #timers: { at: number; call: () => void }[] = [];
  readonly follower = new FeedFollower(this, followed => (this.followed = followed));

  fetchSnapshot(): Promise<FeedState> {
    return new Promise((resolve, reject) => this.asked.push({ resolve, reject: () => reject(new TypeError("away")) }));
  }
  openStream(listener: StreamListener, since: number | null) {
    const stream = { listener, since, open: true };
    this.streams.push(stream);
    return { close: () => void (stream.open = false) };
  }
  after(ms: number, call: () => void) {
    const timer = { at: this.ms + ms, call };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter(one => one !== timer));
  }
  nowMs() {
    return this.ms;
  }
  reload() {
    this.reloads++;
  }

  /** Lets time pass. */
  pass(ms: number) {
    const until = this.ms + ms;
    for (;;) {
      const due = this.#timers.filter(one => one.at <= until).toSorted((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter(one => one !== due);
      this.ms = Math.max(this.ms, due.at);
      due.call();
    }
    this.ms = until;
  }
  get open() {
    return this.streams.filter(one => one.open);
  }
  get stream(): StreamListener {
    return (this.streams.at(-1) as (typeof this.streams)[number]).listener;
  }
  async answer(state: FeedState) {
    this.asked.shift()?.resolve(state);
    await Promise.resolve();
  }
  async refuse() {
    this.asked.shift()?.reject();
    await Promise.resolve();
    await Promise.resolve();
  }
}

describe("following a node", () => {
  let page: Surroundings;
  beforeEach(() => (page = new Surroundings()));

  it("goes on from the state that came with the page, without asking for another", () => {
    page.follower.start(at(10));
    page.stream.event(event(11));
    page.stream.event(event(12));
    expect(page.followed?.state).to.include({ seq: 12 });
    expect(page.followed?.state?.pool.count).to.equal(12);
    expect(page.asked).to.have.length(0);
  });

  it("asks for a state if none came, and holds the events that come meanwhile", async () => {
    page.follower.start(null);
    for (const seq of [9, 10, 11]) page.stream.event(event(seq));
    await page.answer(at(9));
    expect(page.followed?.state?.seq).to.equal(11);
  });

  it("takes no event twice", () => {
    page.follower.start(at(10));
    page.stream.event(event(10, { t: "pool", pool: { count: 999, bytes: 0 } }));
    expect(page.followed?.state?.pool.count).to.equal(initial.pool.count);
  });

  it("asks for a state after a gap, a second later, when it is not the cached one", async () => {
    page.follower.start(at(10));
    page.stream.event(event(13));
    page.stream.event(event(14));
    expect(page.asked).to.have.length(0);
    page.pass(1_000);
    expect(page.asked).to.have.length(1);
    page.stream.event(event(15));
    await page.answer(at(13));
    expect(page.followed?.state?.seq).to.equal(15);
    // Still too old: once more.
    page.stream.event(event(20));
    page.pass(1_000);
    await page.answer(at(18));
    page.pass(1_000);
    await page.answer(at(20));
    expect(page.followed?.state?.seq).to.equal(20);
  });

  it("asks for a state when it is told to, once", async () => {
    page.follower.start(at(10));
    page.stream.resync();
    page.stream.resync();
    expect(page.asked).to.have.length(1);
    await page.answer(at(90));
    expect(page.followed?.state?.seq).to.equal(90);
  });

  it("tries again after 1, 2, 4, 8 and then each 15 s, and says since when it hears nothing", async () => {
    expect([0, 1, 2, 3, 4, 5, 1e9].map(retryDelayMs)).to.deep.equal([
      1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000,
    ]);
    page.follower.start(at(10));
    page.stream.lost();
    expect(page.followed).to.include({ lostSinceMs: NOW_MS, retryAtMs: NOW_MS + 1_000 });
    page.pass(1_000);
    page.stream.lost();
    expect(page.followed).to.include({ lostSinceMs: NOW_MS, retryAtMs: NOW_MS + 3_000 });
    expect(page.open).to.have.length(0);
    page.pass(2_000);
    expect(page.open).to.have.length(1);
    page.stream.time(page.ms);
    expect(page.followed).to.include({ lostSinceMs: null, retryAtMs: null });
    // What worked counts: the next break begins with a second.
    page.stream.lost();
    expect(page.followed?.retryAtMs).to.equal(page.ms + 1_000);
  });

  it("asks a stream that it opens anew for what it has missed", async () => {
    page.follower.start(at(10));
    page.stream.event(event(11));
    page.stream.lost();
    page.pass(1_000);
    expect(page.streams.map(({ since }) => since)).to.deep.equal([10, 11]);
    page.stream.event(event(12));
    expect(page.followed).to.include({ lostSinceMs: null });
    expect(page.asked).to.have.length(0);
    // The node has been started anew: it has other numbers.
    page.stream.lost();
    page.pass(1_000);
    page.stream.resync();
    await page.answer(at(9_000));
    expect(page.followed).to.include({ lostSinceMs: null });
    expect(page.followed?.state?.seq).to.equal(9_000);
  });

  it("tries again when a state does not come", async () => {
    page.follower.start(null);
    expect(page.streams[0]?.since).to.equal(null);
    await page.refuse();
    expect(page.followed).to.include({ lostSinceMs: NOW_MS, retryAtMs: NOW_MS + 1_000 });
    page.pass(1_000);
    await page.answer(at(5));
    expect(page.followed).to.include({ lostSinceMs: null });
  });

  it("takes a connection without a heartbeat for lost", () => {
    page.follower.start(at(10));
    page.pass(15_000);
    page.stream.time(NOW_MS + 15_000);
    page.pass(19_999);
    expect(page.followed?.lostSinceMs).to.equal(null);
    page.pass(1);
    expect(page.followed?.lostSinceMs).to.equal(page.ms);
  });

  it("ignores what an earlier connection still says", async () => {
    page.follower.start(null);
    const old = page.stream;
    old.lost();
    page.pass(1_000);
    old.event(event(77));
    old.lost();
    await page.answer(at(5));
    expect(page.followed?.state).to.equal(null);
    await page.answer(at(6));
    expect(page.followed?.state?.seq).to.equal(6);
  });

  it("closes when nobody looks, and comes back with what was missed", async () => {
    page.follower.start(at(10));
    page.follower.pause();
    expect(page.open).to.have.length(0);
    page.pass(60_000);
    expect(page.followed?.lostSinceMs).to.equal(null);
    page.follower.resume();
    page.follower.resume();
    expect(page.open).to.have.length(1);
    expect(page.streams.at(-1)?.since).to.equal(10);
    page.stream.resync();
    await page.answer(at(50));
    expect(page.followed?.state?.seq).to.equal(50);
  });

  it("does not wait when there is reason to hope, and only then", () => {
    page.follower.start(at(10));
    page.follower.retryNow();
    expect(page.streams).to.have.length(1);
    page.stream.lost();
    page.follower.resume();
    expect(page.open).to.have.length(0);
    page.follower.retryNow();
    expect(page.open).to.have.length(1);
  });

  it("knows the server's clock by the message that travelled fastest", () => {
    page.follower.start({ ...at(10), atMs: NOW_MS + 40_000 });
    expect(page.followed?.clockOffsetMs).to.equal(40_000);
    page.stream.event(event(11, { atMs: NOW_MS + 40_900 }));
    expect(page.followed?.clockOffsetMs).to.equal(40_900);
    page.stream.event(event(12, { atMs: NOW_MS + 40_100 }));
    expect(page.followed?.clockOffsetMs).to.equal(40_900);
    // A reader's clock that was set is set right by the next heartbeat.
    page.stream.time(NOW_MS - 500);
    expect(page.followed?.clockOffsetMs).to.equal(-500);
  });

  it("loads itself anew for another version of the feed", async () => {
    const other = (state: FeedState) => ({ ...state, v: 2 }) as unknown as FeedState;
    page.follower.start(other(at(1)));
    expect(page.reloads).to.equal(1);
    page = new Surroundings();
    page.follower.start(at(1));
    page.stream.event(event(2, { v: 2 } as unknown as Partial<FeedEvent>));
    expect(page.reloads).to.equal(1);
    page.stream.resync();
    await page.answer(other(at(3)));
    expect(page.reloads).to.equal(2);
  });

  it("ignores events of a kind that it does not know", () => {
    page.follower.start(at(10));
    page.stream.event(event(11, { t: "weather" } as unknown as Partial<FeedEvent>));
    expect(page.followed?.state?.seq).to.equal(11);
  });
});
