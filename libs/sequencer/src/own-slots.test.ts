import { CodedError } from "@sprtn/primitives";
import { CallKind } from "@sprtn/protocol";
import type { LogLine } from "@sprtn/testing";
import { expect } from "chai";
import { SequencerErrorCode } from "./index.js";
import { outcome, SlotNetwork, type SlotNode } from "./test/slot-network.js";

/** Slot and code of each line about an own slot that stays empty. */
const emptySlots = (node: SlotNode, level?: LogLine["level"]) =>
  node.logger
    .lines(level)
    .filter(line => "outcome" in line.fields)
    .map(line => [line.fields["slot"], line.fields["code"]]);

describe("an own slot that stays empty", () => {
  it("says why, once: nothing to build, not synced, nothing includable, L1 away", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await network.to(2);
    node.rollup.unseen = 1;
    await network.to(3);
    node.rollup.unseen = 0;
    await node.txs.add(network.fixture.tx({ kind: CallKind.NONE }, { notes: 1, maxFee: 1n }));
    await network.to(4, -1);
    const canPrune = node.rollup.canPrune.bind(node.rollup);
    node.rollup.canPrune = async () => {
      throw new CodedError("FAKE_L1_DOWN", "this L1 is down");
    };
    await network.to(6, -1);
    node.rollup.canPrune = canPrune;
    await network.to(7, -1);
    expect(emptySlots(node)).to.deep.equal([
      [1, SequencerErrorCode.NOTHING_TO_BUILD],
      [2, SequencerErrorCode.NOT_SYNCED],
      [3, SequencerErrorCode.NOTHING_INCLUDABLE],
      [4, "FAKE_L1_DOWN"],
      [5, "FAKE_L1_DOWN"],
      [6, SequencerErrorCode.NOTHING_INCLUDABLE],
    ]);
    // What keeps it may be its own disk.
    expect(node.logger.lines().find(({ fields }) => fields["slot"] === 2)?.fields["reason"]).to.not.match(/trouble/);
    // A sequencer with nothing to build has nothing to report to an operator.
    expect(emptySlots(node, "verbose")).to.deep.equal([[1, SequencerErrorCode.NOTHING_TO_BUILD]]);
    expect(outcome(node, "missed")).to.equal(2);
    await network.stop();
  });

  it("a slot that the block of an earlier one took, and those that passed while the process stood still", async () => {
    const network = new SlotNetwork({ parameters: { proposalLateness: 1 } });
    const node = await network.start();
    await node.txs.add(network.deposit());
    node.publisher.stuck = true;
    await network.to(3, 50);
    expect(emptySlots(node)[0]).to.deep.equal([1, SequencerErrorCode.TOO_LATE]);
    node.publisher.stuck = false;
    await network.to(4, -1);
    expect(emptySlots(node)[1]).to.deep.equal([2, SequencerErrorCode.STILL_PUBLISHING]);
    network.clock.jump(16_000);
    await network.to(6);
    expect(emptySlots(node).slice(2)).to.deep.equal([
      [4, SequencerErrorCode.NOT_LOOKED],
      [5, SequencerErrorCode.NOT_LOOKED],
    ]);
    await network.stop();
  });

  it("is told also when whose it was is only known later", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await network.to(1, -1);
    const committeeAt = network.committees.committeeAt.bind(network.committees);
    network.committees.committeeAt = async () => {
      throw new CodedError("FAKE_L1_DOWN", "this L1 is down");
    };
    await network.to(3);
    expect(emptySlots(node)).to.deep.equal([]);
    network.committees.committeeAt = committeeAt;
    await network.to(3, 200);
    expect(emptySlots(node)).to.deep.equal([
      [1, "FAKE_L1_DOWN"],
      [2, "FAKE_L1_DOWN"],
    ]);
    await network.stop();
  });
});
