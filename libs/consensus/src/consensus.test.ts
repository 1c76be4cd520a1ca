import { Bytes32, BlockNumber, Epoch, EthAddress, Field, Seconds, Slot, UnixSeconds } from "@sprtn/primitives";
import { expect } from "chai";
import fc from "fast-check";
import {
  assertFixed,
  assertTipsOrdered,
  committeeCommitment,
  ConsensusError,
  ConsensusErrorCode,
  EpochCommittees,
  drawCommittee,
  epochAt,
  epochEnd,
  epochOf,
  epochSeconds,
  firstSlot,
  inTime,
  isEpochOver,
  lastFixedEpoch,
  lastSlot,
  proposerIndex,
  proposerOf,
  provingDeadlines,
  provingPhase,
  quorum,
  sampleIndices,
  seedOf,
  slotAt,
  slotStart,
  timetable,
} from "./index.js";

const parameters = {
  genesisTime: UnixSeconds(1000),
  slotDuration: Seconds(8),
  epochDuration: 4,
  proofWindow: Seconds(30),
  challengeWindow: Seconds(20),
  proposalLateness: 1,
};
const address = (n: number) => EthAddress(`0x${n.toString(16).padStart(40, "0")}`);
const seed = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map(bytes => Bytes32(`0x${Buffer.from(bytes).toString("hex")}`));

describe("TIME-1", () => {
  it("slots and epochs begin at genesis", () => {
    expect(slotAt(parameters, UnixSeconds(1000))).to.equal(0);
    expect(slotAt(parameters, UnixSeconds(1007))).to.equal(0);
    expect(slotAt(parameters, UnixSeconds(1008))).to.equal(1);
    expect(epochOf(parameters, Slot(3))).to.equal(0);
    expect(epochAt(parameters, UnixSeconds(1032))).to.equal(1);
    expect(slotStart(parameters, Slot(5))).to.equal(1040);
    expect(epochEnd(parameters, Epoch(0))).to.equal(1032);
    expect(epochSeconds(parameters)).to.equal(32);
    expect([firstSlot(parameters, Epoch(2)), lastSlot(parameters, Epoch(2))]).to.deep.equal([8, 11]);
  });

  it("there is no slot before genesis", () => {
    expect(() => slotAt(parameters, UnixSeconds(999))).to.throw(ConsensusError, "before genesis");
  });
});

describe("COM", () => {
  it("COM-1: a sample has no repetition and is all when fewer than the size", () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 }), (value, count, size) => {
        const sample = sampleIndices(value, count, size);
        expect(sample.length).to.equal(Math.min(count, size));
        expect(new Set(sample).size).to.equal(sample.length);
        expect(sample.every(index => index >= 0 && index < count)).to.equal(true);
      }),
    );
  });

  it("COM-1: another epoch or randao is another committee", () => {
    const validators = Array.from({ length: 48 }, (_, i) => address(i + 1));
    const one = drawCommittee(seedOf(Epoch(1), 7n), validators, 16);
    expect(committeeCommitment(one)).not.to.equal(
      committeeCommitment(drawCommittee(seedOf(Epoch(2), 7n), validators, 16)),
    );
    expect(committeeCommitment(one)).not.to.equal(
      committeeCommitment(drawCommittee(seedOf(Epoch(1), 8n), validators, 16)),
    );
  });

  it("COM-2: slots go round the committee", () => {
    const committee = [1, 2, 3].map(address);
    expect([0, 1, 2, 3].map(slot => proposerOf(Slot(slot), committee))).to.deep.equal([1, 2, 3, 1].map(address));
    expect(proposerOf(Slot(1), [])).to.equal(undefined);
    expect(() => proposerIndex(Slot(1), 0)).to.throw(ConsensusError, "no committee");
  });

  it("COM-3: two thirds and one", () => {
    expect([0, 1, 2, 3, 4, 16, 48].map(quorum)).to.deep.equal([0, 1, 2, 3, 3, 11, 33]);
    fc.assert(fc.property(fc.integer({ min: 1, max: 1000 }), n => quorum(n) <= n && 3 * quorum(n) > 2 * n));
  });
});

describe("PROV", () => {
  it("PROV-2: D1 and D2 follow the end of the epoch", () => {
    expect(provingDeadlines(parameters, Epoch(0))).to.deep.equal({ d1: 1062, d2: 1082 });
  });

  it("PROV-1, PROV-2, PROV-4: phases", () => {
    const phase = (at: number) => provingPhase(parameters, Epoch(0), UnixSeconds(at));
    expect(isEpochOver(parameters, Epoch(0), Slot(4))).to.equal(false);
    expect([1031, 1039, 1040, 1061, 1062, 1082, 1083].map(phase)).to.deep.equal([
      "too-early",
      "too-early",
      "right-holder",
      "right-holder",
      "anyone",
      "anyone",
      "prunable",
    ]);
  });
});

describe("chain tips", () => {
  it("INV-1: out of order is refused", () => {
    const id = (number: number) => ({ number: BlockNumber(number), hash: Field(number) });
    assertTipsOrdered({ finalized: id(1), proven: id(1), pending: id(2) });
    assertTipsOrdered({ finalized: id(1), proven: id(2), pending: id(2) });
    expect(() => assertTipsOrdered({ finalized: id(2), proven: id(1), pending: id(2) })).to.throw(
      ConsensusError,
      "out of order",
    );
    expect(() => assertTipsOrdered({ finalized: id(0), proven: id(3), pending: id(2) })).to.throw(ConsensusError);
  });
});

describe("timetable", () => {
  it("each step leaves time for those after it", () => {
    const table = timetable({ slotMs: 8000, l1InclusionMs: 2000, propagationMs: 500, executionMs: 1000 });
    expect(table).to.deep.equal({ sync: 3000, build: 3000, propose: 4000, collect: 6000, publish: 6000 });
    expect(inTime(table, "build", 3000)).to.equal(true);
    expect(inTime(table, "build", 3001)).to.equal(false);
  });

  it("a slot that leaves no time to build is refused, and the error says what is needed", () => {
    const withSlot = (slotMs: number) =>
      timetable({ slotMs, l1InclusionMs: 2000, propagationMs: 500, executionMs: 1000 });
    expect(withSlot(5001).build).to.equal(1);
    for (const slotMs of [5000, 4999, 3000])
      expect(() => withSlot(slotMs))
        .to.throw(ConsensusError, "5000 ms")
        .with.property("code", ConsensusErrorCode.BAD_TIMETABLE);
  });
});

describe("epoch committees", () => {
  it("are drawn once, again after clear, and again after a failure", async () => {
    let draws = 0;
    let failing = true;
    const source = {
      validatorsAt: async () => {
        draws++;
        if (failing) throw new ConsensusError(ConsensusErrorCode.EMPTY_COMMITTEE, "unreachable");
        return [1, 2, 3].map(address);
      },
      seedOf: async (epoch: Epoch) => seedOf(epoch, 5n),
    };
    const committees = new EpochCommittees({ source }, { committeeSize: 2, epochDuration: 4 });
    await committees.committeeAt(Epoch(1)).then(
      () => expect.fail("drawn"),
      (error: unknown) => expect(error).to.be.instanceOf(ConsensusError),
    );
    failing = false;
    const committee = await committees.committeeOfSlot(Slot(5));
    expect(committee).to.deep.equal(drawCommittee(seedOf(Epoch(1), 5n), [1, 2, 3].map(address), 2));
    expect(await committees.proposerAt(Slot(5))).to.equal(committee[1]);
    expect(draws).to.equal(2);
    committees.clear();
    await committees.committeeAt(Epoch(1));
    expect(draws).to.equal(3);
  });

  it("as many are kept as the setting says, the latest", async () => {
    for (const [setting, kept] of [
      [{ cachedEpochs: 1 }, 1],
      [{ cachedEpochs: 3 }, 3],
      [{}, 8],
    ] as const) {
      const draws: Epoch[] = [];
      const source = {
        validatorsAt: async (epoch: Epoch) => {
          draws.push(epoch);
          return [1, 2, 3].map(address);
        },
        seedOf: async (epoch: Epoch) => seedOf(epoch, 5n),
      };
      const committees = new EpochCommittees({ source }, { committeeSize: 2, epochDuration: 4, ...setting });
      const epochs = Array.from({ length: 12 }, (_, i) => Epoch(i));
      for (const epoch of epochs) await committees.committeeAt(epoch);
      for (const epoch of epochs.slice(-kept)) await committees.committeeAt(epoch);
      expect(draws).to.deep.equal(epochs);
      await committees.committeeAt(Epoch(12 - kept - 1));
      expect(draws.length).to.equal(13);
    }
  });

  it("nothing is kept of an epoch that is not fixed, nor of a draw that a clear overtook", async () => {
    let lastFixed = 1;
    let randao = 5n;
    const gates: PromiseWithResolvers<void>[] = [];
    const source = {
      validatorsAt: async () => {
        const gate = gates.shift();
        await gate?.promise;
        return [1, 2, 3].map(address);
      },
      seedOf: async (epoch: Epoch) => {
        assertFixed(epoch, Epoch(lastFixed));
        return seedOf(epoch, randao);
      },
    };
    const committees = new EpochCommittees({ source }, { committeeSize: 2, epochDuration: 4 });
    const refused = await committees.committeeAt(Epoch(2)).then(
      () => "drawn",
      (error: { readonly code?: string }) => error.code,
    );
    expect(refused).to.equal(ConsensusErrorCode.NOT_FIXED);
    [lastFixed, randao] = [2, 6n];
    expect(await committees.committeeAt(Epoch(2))).to.deep.equal(
      drawCommittee(seedOf(Epoch(2), 6n), [1, 2, 3].map(address), 2),
    );
    const gate = Promise.withResolvers<void>();
    gates.push(gate);
    const slow = committees.committeeAt(Epoch(1));
    randao = 7n;
    committees.clear();
    const redrawn = await committees.committeeAt(Epoch(1));
    gate.reject(new ConsensusError(ConsensusErrorCode.EMPTY_COMMITTEE, "the endpoint went away"));
    await slow.catch(() => undefined);
    randao = 8n;
    expect(await committees.committeeAt(Epoch(1))).to.equal(redrawn);
  });

  it("SEED-1: the last fixed epoch follows from time and the last touch, not from what comes later", () => {
    const time = { genesisTime: UnixSeconds(1000), slotDuration: Seconds(10), epochDuration: 4 };
    const cases = [
      [900, 0, 1],
      [1000, 0, 1],
      [1000, 1, 2],
      // Epoch 1, epoch 0 untouched: epoch 2 is still open.
      [1040, 0, 1],
      [1040, 2, 3],
      // Epoch 5, untouched since epoch 0: its own beginning has fixed it.
      [1200, 1, 5],
      [1200, 5, 6],
      [1200, 6, 7],
    ] as const;
    for (const [at, touchedPlusOne, expected] of cases)
      expect(lastFixedEpoch(time, UnixSeconds(at), touchedPlusOne)).to.equal(expected);
  });
});
