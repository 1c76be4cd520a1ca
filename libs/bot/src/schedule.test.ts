import { SeededRandom } from "@sprtn/testing";
import { expect } from "chai";
import fc from "fast-check";
import { BotError, BotErrorCode } from "./bot-error.js";
import { drawKind, mixOf, needsNotes, paymentKinds } from "./payment-mix.js";
import { checkSchedule, rateAt, sendTimes } from "./schedule.js";

const first = (schedule: Parameters<typeof sendTimes>[0], count: number): number[] => {
  const times = sendTimes(schedule);
  return Array.from({ length: count }, () => times.next().value as number);
};

describe("schedule", () => {
  it("sends at once and then at its rate", () => {
    expect(first([{ txPerSecond: 2, seconds: undefined }], 4)).to.deep.equal([0, 500, 1000, 1500]);
  });

  it("carries over what has come due when the rate changes, and ends", () => {
    expect(
      [
        ...sendTimes([
          { txPerSecond: 1, seconds: 2.5 },
          { txPerSecond: 2, seconds: 1 },
          { txPerSecond: 0, seconds: 1 },
          { txPerSecond: 1, seconds: 1 },
        ]),
      ].map(Math.round),
    ).to.deep.equal([0, 1000, 2000, 2750, 3250, 5000]);
    expect([...sendTimes([{ txPerSecond: 0, seconds: undefined }])]).to.deep.equal([]);
  });

  it("sends as many as the rates add up to, in order", () => {
    const phase = fc.record({
      txPerSecond: fc.integer({ min: 0, max: 40 }).map(n => n / 8),
      seconds: fc.integer({ min: 1, max: 64 }),
    });
    fc.assert(
      fc.property(fc.array(phase, { minLength: 1, maxLength: 6 }), schedule => {
        const times = [...sendTimes(schedule)];
        const sum = schedule.reduce((total, each) => total + each.txPerSecond * each.seconds, 0);
        expect(times.length).to.be.within(Math.ceil(sum - 1e-6), Math.floor(sum + 1 + 1e-6));
        expect(times).to.deep.equal(times.toSorted((a, b) => a - b));
      }),
    );
  });

  it("knows the rate of the moment", () => {
    const schedule = [
      { txPerSecond: 1, seconds: 10 },
      { txPerSecond: 5, seconds: 10 },
    ];
    expect([0, 9_999, 10_000, 20_000].map(ms => rateAt(schedule, ms))).to.deep.equal([1, 1, 5, 0]);
    expect(rateAt([{ txPerSecond: 3, seconds: undefined }], 10 ** 9)).to.equal(3);
  });

  it("refuses phases that cannot run", () => {
    const bad = (...schedule: Parameters<typeof checkSchedule>[0]) =>
      expect(() => checkSchedule(schedule))
        .to.throw(BotError)
        .with.property("code", BotErrorCode.BAD_SCHEDULE);
    bad();
    bad({ txPerSecond: -1, seconds: 1 });
    bad({ txPerSecond: 1, seconds: 0 });
    bad({ txPerSecond: 1, seconds: undefined }, { txPerSecond: 1, seconds: 1 });
  });
});

describe("payment mix", () => {
  it("leaves public transfers the rest", () => {
    expect(mixOf({ private: 0.25, shield: 0, unshield: 0.25, withdraw: 0 })).to.deep.equal({
      private: 0.25,
      shield: 0,
      unshield: 0.25,
      withdraw: 0,
      transfer: 0.5,
    });
    for (const share of [1.1, -0.1])
      expect(() => mixOf({ private: share, shield: 0, unshield: 0, withdraw: 0 }))
        .to.throw(BotError)
        .with.property("code", BotErrorCode.BAD_MIX);
  });

  it("draws every kind by its share", () => {
    const random = new SeededRandom(5);
    const mix = mixOf({ private: 0.4, shield: 0.1, unshield: 0.1, withdraw: 0 });
    const drawn = Array.from({ length: 4_000 }, () => drawKind(mix, random));
    for (const kind of paymentKinds)
      expect(drawn.filter(each => each === kind).length / 4_000).to.be.closeTo(mix[kind], 0.03);
    expect([needsNotes(mix), needsNotes(mixOf({ private: 0, shield: 1, unshield: 0, withdraw: 0 }))]).to.deep.equal([
      true,
      false,
    ]);
  });
});
