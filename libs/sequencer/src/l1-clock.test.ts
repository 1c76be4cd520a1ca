import { CodedError } from "@sprtn/primitives";
import { expect } from "chai";
import { blockOf, outcome, SlotNetwork, warnings } from "./test/slot-network.js";

const early = () => new CodedError("L1_REVERTED", "the contract refused", { reason: "Pend2_SlotInFuture" });

describe("an L1 whose clock is behind (PEND-2)", () => {
  it("is asked again until the slot has begun there", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await node.txs.add(network.deposit());
    const include = node.publisher.onSend;
    node.publisher.onSend = sent => {
      if (sent.method === "propose" && network.clock.nowMs() < 1000 * 1008 + 3000) throw early();
      return include(sent);
    };
    await network.to(2, -1);
    expect(node.publisher.proposals().length).to.be.above(1);
    expect(outcome(node, "published")).to.equal(1);
    expect(warnings(node)).to.deep.equal([]);
    await network.stop();
  });

  it("that stays behind for the whole slot costs the slot, no more; another refusal is not asked again", async () => {
    for (const [error, code, untilMs] of [
      [early, "SEQUENCER_TOO_LATE", 50],
      [() => new CodedError("L1_REVERTED", "refused", { reason: "Pend6_WrongInHash" }), "L1_REVERTED", -1],
    ] as const) {
      const network = new SlotNetwork();
      const node = await network.start();
      await node.txs.add(network.deposit());
      node.publisher.onSend = sent => {
        if (sent.method === "propose") throw error();
      };
      await network.to(2, untilMs);
      expect(warnings(node)).to.deep.equal([code]);
      expect(outcome(node, "failed")).to.equal(1);
      await network.stop();
    }
  });
});

describe("a clock that is ahead of L1's or behind", () => {
  for (const ahead of [2, 5, 12, 60, -2, -5, -12, -60]) {
    it(`${ahead} s: nothing is sent that L1's next block cannot hold`, async () => {
      const network = new SlotNetwork();
      network.l1Time.aheadSeconds = ahead;
      const node = await network.start();
      await node.txs.add(network.deposit());
      const include = node.publisher.onSend;
      const reverts: string[] = [];
      node.publisher.onSend = sent => {
        if (sent.method !== "propose") return;
        const { slot, timestamp } = blockOf(sent.blocks[0]!).header;
        const at = network.l1Time.nextBlock();
        if (at < timestamp) reverts.push(`slot ${slot} at ${at}`);
        if (at < timestamp) throw early();
        // As its dry run tells the publisher, which then sends nothing.
        if (at >= timestamp + 8) throw new CodedError("L1_REVERTED", "refused", { reason: "Pend2_SlotTooOld" });
        return include(sent);
      };
      await network.to(4, 50);
      expect(reverts).to.deep.equal([]);
      // A clock that is off by less than a slot costs time, no slot.
      expect(outcome(node, "published")).to.equal(Math.abs(ahead) < 8 ? 1 : 0);
      expect(node.logger.lines("warn").length > 2).to.equal(Math.abs(ahead) > 8);
      for (const line of node.logger.lines("warn"))
        expect(line.fields).to.include({
          code: ahead > 0 ? "SEQUENCER_TOO_LATE" : "L1_REVERTED",
          clockSkewSeconds: ahead,
        });
      await network.stop();
    });
  }

  it("that jumped ahead and is set right costs no slot after that", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await network.to(2, 1000);
    network.clock.jump(400_000);
    await network.clock.advance(8000);
    network.clock.jump(-400_000);
    await node.txs.add(network.deposit());
    await network.to(6);
    expect(outcome(node, "published")).to.equal(1);
    await network.stop();
  });

  it("a publisher that knows better is asked again too", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await node.txs.add(network.deposit());
    const include = node.publisher.onSend;
    node.publisher.onSend = sent => {
      if (sent.method === "propose" && network.clock.nowMs() < 1000 * 1008 + 3000)
        throw new CodedError("L1_TOO_EARLY", "L1's next block comes before the slot");
      return include(sent);
    };
    await network.to(2, -1);
    expect(outcome(node, "published")).to.equal(1);
    await network.stop();
  });
});
