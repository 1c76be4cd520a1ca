import { Bytes32, L1BlockNumber, UnixSeconds, uintToBytes, toHex } from "@sprtn/primitives";
import type { L1BlockRef } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";
import { L1Heads } from "./l1-heads.js";

const GENESIS = 1_000_000;

/** An L1 with a block every 12 s, seen by a node whose clock is `ahead` seconds ahead. */
class Scene {
  /** The node's. */
  readonly clock;
  readonly logger = new MemoryLogger();
  readonly meter = new RecordingMeter();
  readonly heads: L1Heads;
  readonly blocks: L1BlockRef[] = [];
  reorgs = 0;

  constructor(public ahead = 0) {
    this.clock = new ManualClock(1000 * (GENESIS + ahead));
    this.heads = new L1Heads(this, { maxClockSkewSeconds: 3, slotSeconds: 12 });
    this.heads.onReorg(() => this.reorgs++);
  }

  /** L1's true time, s. */
  get now(): number {
    return this.clock.nowMs() / 1000 - this.ahead;
  }

  /** L1's next block, of time `at`, seen `delay` seconds later. */
  async block(at: number, delay = 1, branch = 0): Promise<void> {
    const number = L1BlockNumber(this.blocks.length);
    const hash = Bytes32(toHex(uintToBytes(1000 * branch + number, 32)));
    this.blocks.push({ number, hash, timestamp: UnixSeconds(at) });
    if (at + delay > this.now) await this.clock.advance(1000 * (at + delay - this.now));
    await this.see();
  }

  async see(): Promise<void> {
    await this.heads.observe(this.blocks.at(-1) as L1BlockRef, async number => this.blocks[number]);
  }
}

describe("L1 heads", () => {
  for (const ahead of [0, 2, 5, 12, 60, -2, -5, -12, -60]) {
    it(`a clock ${ahead} s ahead: warns once, says how much, never expects a block later than it comes`, async () => {
      const scene = new Scene(ahead);
      let at = GENESIS;
      for (const [index, missed] of [0, 0, 1, 0, 3, 0, 0, 0].entries()) {
        at += 12 * (1 + missed);
        // The moment before it comes.
        await scene.clock.advance(Math.max(0, 1000 * (at - scene.now) - 1));
        if (index > 0) expect(scene.heads.nextBlock()).to.be.at.most(at);
        await scene.block(at, 1.5);
      }
      expect(scene.heads.nextBlock()).to.equal(at + 12);
      const measured = ahead + 1.5;
      expect(scene.heads.skewSeconds()).to.be.closeTo(measured, 0.01);
      expect(scene.meter.value("sprtn_l1_clock_skew_seconds")).to.be.closeTo(measured, 0.01);
      const warned = scene.logger.lines("warn");
      expect(warned).to.have.length(Math.abs(measured) > 3 ? 1 : 0);
      for (const line of warned) expect(line.fields).to.deep.include({ code: "L1_CLOCK_SKEW", skewSeconds: measured });
    });
  }

  it("after missed blocks expects the next one by the clock", async () => {
    const scene = new Scene(60);
    for (const at of [12, 24, 36, 48]) await scene.block(GENESIS + at);
    await scene.clock.advance(30_000);
    // True time 79 s, less 1 s that heads take: the blocks of 60 s and 72 s were missed.
    expect(scene.heads.nextBlock()).to.equal(GENESIS + 84);
  });

  it("does not take long intervals for L1's own: blocks that were missed, or come on demand", async () => {
    const scene = new Scene();
    for (const at of [0, 256, 512]) await scene.block(GENESIS + at, 0);
    expect(scene.heads.nextBlock()).to.equal(GENESIS + 524);
    await scene.clock.advance(100_000);
    expect(scene.heads.nextBlock()).to.be.at.most(scene.now + 12);
  });

  it("a clock that is set right is believed again, and said to be", async () => {
    const scene = new Scene(0);
    scene.clock.jump(20_000);
    for (let slot = 1; slot <= 4; slot++) {
      scene.blocks.push({
        number: L1BlockNumber(slot - 1),
        hash: Bytes32(toHex(uintToBytes(100 + slot, 32))),
        timestamp: UnixSeconds(GENESIS + 12 * slot),
      });
      await scene.clock.advance(12_000);
      await scene.see();
    }
    expect(scene.logger.lines("warn")).to.have.length(1);
    scene.clock.jump(-20_000);
    await scene.block(GENESIS + 60, 0);
    expect(scene.logger.messages("info")).to.have.length(1);
    expect(scene.heads.skewSeconds()).to.be.closeTo(0, 1);
  });

  for (const behind of [3_600, 60, 15]) {
    it(`a clock that was ${behind} s behind and is set right is believed from the next head on`, async () => {
      const scene = new Scene();
      let at = GENESIS;
      for (let i = 0; i < 6; i++) await scene.block((at += 12));
      scene.clock.jump(-1000 * behind);
      scene.ahead = -behind;
      for (let i = 0; i < 3; i++) await scene.block((at += 12));
      scene.clock.jump(1000 * behind);
      scene.ahead = 0;
      for (let i = 0; i < 6; i++) {
        await scene.block((at += 12));
        expect(scene.heads.nextBlock(), `head ${i + 1}`).to.equal(at + 12);
        await scene.clock.advance(10_999);
        expect(scene.heads.nextBlock(), `before head ${i + 2}`).to.equal(at + 12);
      }
      expect(scene.heads.skewSeconds()).to.be.closeTo(1, 0.01);
      expect(scene.logger.lines("warn").map(({ fields }) => fields["skewSeconds"])).to.deep.equal([1 - behind]);
      expect(scene.logger.messages("info")).to.deep.equal(["the clock agrees with L1's blocks again"]);
    });
  }

  it("a head that took long to arrive is no reason to doubt the clock", async () => {
    const scene = new Scene();
    for (const at of [12, 24, 36]) await scene.block(GENESIS + at);
    await scene.block(GENESIS + 48, 40);
    expect(scene.heads.nextBlock()).to.equal(GENESIS + 60);
    await scene.block(GENESIS + 96);
    expect(scene.heads.nextBlock()).to.equal(GENESIS + 108);
    await scene.block(GENESIS + 108);
    expect(scene.heads.skewSeconds()).to.be.closeTo(1, 0.01);
    expect(scene.logger.lines("warn")).to.deep.equal([]);
  });

  it("tells of every reorg, whatever it takes back, and of nothing else", async () => {
    const scene = new Scene();
    for (const at of [12, 24, 36]) await scene.block(GENESIS + at);
    await scene.see();
    expect(scene.reorgs).to.equal(0);
    // The last block is another one, of the same height.
    scene.blocks.pop();
    await scene.block(GENESIS + 36, 2, 1);
    expect(scene.reorgs).to.equal(1);
    // The last two are others, and the chain is longer than before when it is seen.
    scene.blocks.length -= 2;
    scene.blocks.push({
      ...(scene.blocks[0] as L1BlockRef),
      number: L1BlockNumber(1),
      hash: Bytes32(toHex(uintToBytes(7, 32))),
    });
    scene.blocks.push({
      ...(scene.blocks[0] as L1BlockRef),
      number: L1BlockNumber(2),
      hash: Bytes32(toHex(uintToBytes(8, 32))),
    });
    await scene.block(GENESIS + 48, 2, 2);
    expect(scene.reorgs).to.equal(2);
    // Back to an older head: an endpoint that lags, or a chain that got shorter.
    scene.blocks.pop();
    await scene.see();
    expect(scene.reorgs).to.equal(3);
    await scene.block(GENESIS + 60, 2, 3);
    expect(scene.reorgs).to.equal(3);
  });
});
