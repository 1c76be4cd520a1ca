import { expect } from "chai";
import * as fc from "fast-check";
import { LruMap, ManualClock, RateLimiter } from "./index.js";

describe("RateLimiter", () => {
  it("allows a burst, then the rate, each key on its own", () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter({ clock }, { burst: 3, tokensPerSecond: 2, maxKeys: 10 });
    const take = (key: string) => limiter.tryTake(key);
    expect([1, 2, 3, 4].map(() => take("a"))).to.deep.equal([true, true, true, false]);
    expect(take("b")).to.equal(true);
    expect(limiter.waitMs("a")).to.equal(500);
    expect(limiter.waitMs("a", 4)).to.equal(Number.POSITIVE_INFINITY);
    clock.advanceSync(499);
    expect(take("a")).to.equal(false);
    clock.advanceSync(1);
    expect([take("a"), take("a")]).to.deep.equal([true, false]);
    clock.advanceSync(3_600_000);
    expect([1, 2, 3, 4].map(() => take("a"))).to.deep.equal([true, true, true, false]);
  });

  it("never allows more than burst + rate · time", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 3 })), { maxLength: 60 }), steps => {
        const clock = new ManualClock();
        const limiter = new RateLimiter({ clock }, { burst: 5, tokensPerSecond: 10, maxKeys: 1 });
        let spent = 0;
        for (const [ms, cost] of steps) {
          clock.advanceSync(ms);
          if (limiter.tryTake("k", cost)) spent += cost;
          expect(spent).to.be.at.most(5 + (clock.nowMs() / 1000) * 10 + 1e-6);
        }
      }),
    );
  });

  it("charges what is not there, down to a burst of debt, which is paid before anything is let in", () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter({ clock }, { burst: 3, tokensPerSecond: 1, maxKeys: 10 });
    expect(limiter.hasAny("a")).to.equal(true);
    limiter.charge("a", 100);
    expect([limiter.hasAny("a"), limiter.waitMs("a", 0), limiter.tryTake("a")]).to.deep.equal([false, 3_000, false]);
    clock.advanceSync(3_000);
    expect(limiter.hasAny("a")).to.equal(false);
    clock.advanceSync(1);
    expect([limiter.hasAny("a"), limiter.hasAny("b")]).to.deep.equal([true, true]);
  });

  it("minds no wall clock that is set, back or ahead", () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter({ clock }, { burst: 1, tokensPerSecond: 1, maxKeys: 2 });
    for (const ms of [-3_600_000, 7_200_000]) {
      expect(limiter.tryTake("a")).to.equal(true);
      clock.jump(ms);
      expect(limiter.waitMs("a")).to.equal(1_000);
      clock.advanceSync(1_000);
    }
  });

  it("remembers a bounded number of keys", () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter({ clock }, { burst: 1, tokensPerSecond: 0, maxKeys: 2 });
    expect(["a", "b", "a"].map(key => limiter.tryTake(key))).to.deep.equal([true, true, false]);
    limiter.tryTake("c");
    expect(limiter.tryTake("b")).to.equal(true);
    expect(limiter.waitMs("c")).to.equal(Number.POSITIVE_INFINITY);
  });
});

describe("LruMap", () => {
  it("drops the least recently used", () => {
    const gone: string[] = [];
    const map = new LruMap<string, number>(2, key => gone.push(key));
    map.set("a", 1);
    map.set("b", 0);
    expect([map.get("a"), map.get("b"), map.get("z"), map.peek("a")]).to.deep.equal([1, 0, undefined, 1]);
    map.set("c", 3);
    expect(gone).to.deep.equal(["a"]);
    map.set("b", 2);
    expect([...map]).to.deep.equal([
      ["c", 3],
      ["b", 2],
    ]);
    expect([map.delete("c"), map.delete("c"), map.has("b"), map.size]).to.deep.equal([true, false, true, 1]);
    map.clear();
    expect([map.size, gone.length]).to.deep.equal([0, 1]);
    expect(() => new LruMap(0)).to.throw("at least 1");
  });
});
