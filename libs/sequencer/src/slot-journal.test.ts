import { BlockNumber } from "@sprtn/primitives";
import { chainSlotMs } from "@sprtn/testing";
import { expect } from "chai";
import { SequencerErrorCode } from "./index.js";
import { SlotNetwork } from "./test/slot-network.js";

describe("what a proposer tells the journal", () => {
  it("its proposal, each step with its time, and that the block is out", async () => {
    const network = new SlotNetwork({ members: 4 });
    const nodes = [];
    for (let member = 0; member < 4; member++) nodes.push(await network.start());
    const [node] = nodes;
    if (node === undefined) return expect.fail("no node");
    const slot = await network.slotOf(node.address);
    await network.to(slot, -1);
    const tx = network.deposit();
    for (const member of nodes) await member.txs.add(tx);
    const beganMs = network.clock.nowMs();
    await network.to(slot + 1, -1);
    expect(node.journal.of("proposal")).to.deep.include.members([
      { type: "proposal", slot, block: BlockNumber(1), txs: 1, atMs: node.journal.of("proposal")[0]?.atMs },
    ]);
    const steps = node.journal.of("step").filter(step => step.slot === slot);
    expect(steps.map(({ step }) => step)).to.deep.equal(["sync", "build", "collect", "publish"]);
    for (const { startedMs, endedMs } of steps) {
      expect(startedMs).to.be.within(beganMs, chainSlotMs(slot + 1));
      expect(endedMs).to.be.at.least(startedMs);
    }
    expect(node.journal.of("own-slot").map(({ outcome, why }) => [outcome, why])).to.deep.equal([
      ["published", undefined],
    ]);
    // The others see the proposal arrive, and every member's attestation.
    expect(nodes[1]?.journal.of("proposal").map(one => one.slot)).to.deep.equal([slot]);
    expect(new Set(nodes[1]?.journal.of("attestation").map(({ signer }) => signer))).to.deep.equal(
      new Set(network.addresses),
    );
    await network.stop();
  });

  it("a step that fails, and why the slot stays empty", async () => {
    const network = new SlotNetwork({ members: 4 });
    const node = await network.start();
    await node.txs.add(network.deposit());
    const slot = await network.slotOf(node.address);
    await network.to(slot + 1, -1);
    // Nobody else is there to attest.
    expect(
      node.journal
        .of("step")
        .filter(step => step.slot === slot)
        .map(({ step }) => step),
    ).to.deep.equal(["sync", "build", "collect"]);
    const [own] = node.journal.of("own-slot");
    expect([own?.slot, own?.outcome, own?.why?.code]).to.deep.equal([slot, "failed", SequencerErrorCode.NO_QUORUM]);
    await network.stop();
  });
});
