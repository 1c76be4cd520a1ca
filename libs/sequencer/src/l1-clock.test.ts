import { CodedError } from "@sprtn/primitives";
import { expect } from "chai";
import { outcome, SlotNetwork, warnings } from "./test/slot-network.js";

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

  it("that stays behind for the whole slot costs the slot, and no more; another refusal is not asked again", async () => {
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
