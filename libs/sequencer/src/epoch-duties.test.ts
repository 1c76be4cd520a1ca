import { EpochCommittees, seedOf } from "@sprtn/consensus";
import { CodedError, type Epoch, type EthAddress } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import {
  chainDeployment,
  chainSlotMs,
  fakeAddresses,
  FakeChain,
  FakeL1Time,
  FakePublisher,
  FakeRollupView,
  MemoryLogger,
  RecordingMeter,
} from "@sprtn/testing";
import { expect } from "chai";
import fc from "fast-check";
import { EpochDuties, touchRank } from "./index.js";

/** Validators over one Rollup whose L1 makes a block every 2 s; epochs are of four slots of 8 s, from 1000 s on. */
class Scene {
  readonly clock = new ManualClock(chainSlotMs(0));
  readonly l1Time = new FakeL1Time(this.clock, 2);
  readonly addresses: readonly EthAddress[];
  readonly committees: EpochCommittees;
  readonly rollup = new FakeRollupView(new FakeChain(new ChainFixture()));
  readonly publishers: FakePublisher[] = [];
  readonly loggers: MemoryLogger[] = [];
  readonly duties: EpochDuties[] = [];
  /** What L1's next block holds, by sender. */
  readonly waiting: ((epoch: number) => void)[] = [];
  readonly sent: string[] = [];

  constructor(members = 4, nodes = members) {
    this.addresses = fakeAddresses(members);
    const source = { validatorsAt: async () => this.addresses, seedOf: async (epoch: Epoch) => seedOf(epoch, 5n) };
    this.committees = new EpochCommittees({ source }, { committeeSize: 48, epochDuration: 4 });
    const { parameters } = chainDeployment(new ChainFixture(), {});
    for (let index = 0; index < nodes; index++) {
      const publisher = new FakePublisher(this.addresses[index] ?? (fakeAddresses(9)[8] as EthAddress));
      publisher.onSend = sent => {
        const epoch = "epoch" in sent ? sent.epoch : undefined;
        this.sent.push(`${index}: ${sent.method}${epoch === undefined ? "" : ` ${epoch}`} at ${this.epochSecond}`);
        const { promise, resolve } = Promise.withResolvers<void>();
        this.waiting.push(blockEpoch => {
          this.rollup.checkpointed.add(blockEpoch);
          if (epoch !== undefined) this.rollup.setUp.add(epoch);
          resolve();
        });
        return promise;
      };
      const logger = new MemoryLogger();
      const { committees, rollup, l1Time, clock } = this;
      this.publishers.push(publisher);
      this.loggers.push(logger);
      this.duties.push(
        new EpochDuties(
          { committees, rollup, publisher, l1Time, clock, logger, meter: new RecordingMeter() },
          { parameters, pollIntervalMs: 250 },
        ),
      );
    }
  }

  /** Seconds of L1 into its epoch. */
  get epochSecond(): number {
    return (this.l1Time.now() - 1000) % 32;
  }

  /** The validator of this rank in an epoch. */
  async ranked(epoch: number, rank: number): Promise<number> {
    const committee = await this.committees.committeeAt(epoch as Epoch);
    return this.addresses.findIndex(
      address => touchRank({ epochDuration: 4 }, epoch as Epoch, { committee, address }) === rank,
    );
  }

  async start(only = this.duties): Promise<void> {
    for (const duties of only) await duties.start(new AbortController().signal);
  }

  /** Time goes on; each L1 block holds what was sent before it. */
  async pass(seconds: number): Promise<void> {
    for (let done = 0; done < seconds * 1000; done += 250) {
      await this.clock.advance(249);
      // What is sent at the moment of a block comes too late for it; what is in it can be read with it.
      const isBlock = (this.clock.nowMs() + 1) % 2000 === 0;
      const epoch = Math.floor((this.l1Time.now() + 0.001 - 1000) / 32);
      for (const include of isBlock ? this.waiting.splice(0) : []) include(epoch);
      await this.clock.advance(1);
    }
  }

  async stop(): Promise<void> {
    for (const duties of this.duties) await duties.stop();
  }
}

describe("epoch duties", () => {
  it(
    "SEED-1: each epoch is touched in its first L1 block, and the next one set up, by one of them, another each " +
      "time",
    async () => {
      const scene = new Scene();
      await scene.start();
      await scene.pass(4 * 32 - 3);
      const by = await Promise.all([0, 1, 2, 3].map(epoch => scene.ranked(epoch, 0)));
      expect(scene.sent.map(line => line.replace(/ at .*/, ""))).to.deep.equal(
        by.map((index, epoch) => `${index}: setupEpoch ${epoch + 1}`),
      );
      // Sent within the two seconds before the first block of the epoch: it is in that one.
      for (const line of scene.sent.slice(1)) expect(Number(line.replace(/.* at /, ""))).to.be.at.least(30);
      expect([...scene.rollup.checkpointed]).to.include.members([0, 1, 2, 3]);
      await scene.stop();
    },
  );

  it("a later one sends only when the earlier ones did not", async () => {
    const scene = new Scene();
    const [first, second, third] = [await scene.ranked(0, 0), await scene.ranked(0, 1), await scene.ranked(0, 2)];
    await scene.start([second, third].map(index => scene.duties[index] as EpochDuties));
    await scene.pass(20);
    expect(scene.sent.map(line => line.replace(/ at .*/, ""))).to.deep.equal([`${second}: setupEpoch 1`]);
    expect(scene.publishers[first]?.sent).to.deep.equal([]);
    await scene.stop();
  });

  it("those who start in the middle of an epoch take turns too", async () => {
    const scene = new Scene();
    await scene.pass(16);
    await scene.start();
    await scene.pass(12);
    expect(scene.sent.map(line => line.replace(/ at .*/, ""))).to.deep.equal([
      `${await scene.ranked(0, 0)}: setupEpoch 1`,
    ]);
    await scene.stop();
  });

  it("a reorg that takes the touch back: it is sent again, thrice an epoch at most", async () => {
    const scene = new Scene(1);
    await scene.start();
    for (let reorg = 0; reorg < 6; reorg++) {
      await scene.pass(4);
      scene.rollup.checkpointed.clear();
      scene.rollup.setUp.clear();
      scene.l1Time.reorg();
    }
    expect(scene.sent).to.have.length(3);
    await scene.stop();
  });

  it("after a reorg they take turns again", async () => {
    const scene = new Scene();
    await scene.start();
    await scene.pass(16);
    scene.rollup.checkpointed.clear();
    scene.rollup.setUp.clear();
    scene.l1Time.reorg();
    await scene.pass(12);
    const first = `${await scene.ranked(0, 0)}: setupEpoch 1`;
    expect(scene.sent.map(line => line.replace(/ at .*/, ""))).to.deep.equal([first, first]);
    await scene.stop();
  });

  it("COM-4: where the next set is empty it touches; where it is not in the committee it sends nothing", async () => {
    const scene = new Scene(1, 2);
    const [publisher] = scene.publishers as [FakePublisher];
    const { onSend } = publisher;
    publisher.onSend = sent => {
      if (sent.method === "setupEpoch") throw new CodedError("L1_REVERTED", "refused", { reason: "Com4_EmptySet" });
      return onSend(sent);
    };
    await scene.start();
    await scene.pass(6);
    expect(publisher.methods()).to.deep.equal(["setupEpoch", "checkpointRandao"]);
    expect(scene.publishers[1]?.sent).to.deep.equal([]);
    await scene.stop();
  });

  it("what is stuck is given up after a slot, and told once", async () => {
    const scene = new Scene(1);
    (scene.publishers[0] as FakePublisher).stuck = true;
    await scene.start();
    await scene.pass(7);
    expect(scene.loggers[0]?.lines("info")).to.deep.equal([]);
    await scene.pass(23);
    expect(scene.loggers[0]?.lines("info").map(line => line.fields["code"])).to.deep.equal(["RUNTIME_TIMEOUT"]);
    // There is no other.
    expect(scene.loggers[0]?.messages("info")[0]).to.not.match(/another|other validator/);
    await scene.stop();
    expect(scene.clock.pendingTimers).to.equal(0);
  });

  it("ranks are a permutation of the committee, and begin with another member each epoch", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 48 }), fc.nat(10_000), (size, epoch) => {
        const committee = Array.from({ length: size }, (_, index) => `0x${index.toString(16).padStart(40, "0")}`);
        const ranks = committee.map(address =>
          touchRank({ epochDuration: 7 }, epoch as Epoch, {
            committee: committee as EthAddress[],
            address: address as EthAddress,
          }),
        );
        expect(ranks.toSorted((a, b) => (a as number) - (b as number))).to.deep.equal([...committee.keys()]);
        // The first slot's proposer comes last: its block touches.
        expect(ranks[(epoch * 7) % size]).to.equal(size - 1);
      }),
    );
  });
});
