import { Waves } from "@sprtn/testing";
import { expect } from "chai";
import { TestNode } from "./test/node.js";

describe("archiver: how often a round waits for L1", () => {
  it("five times for a new block: head, last block read, new block and events, no change since, state", async () => {
    const node = await new TestNode().start();
    try {
      node.rollup.mine(turn => turn.propose());
      await node.poll();
      const { reader } = node;
      const waves = new Waves();
      const gate =
        <A extends unknown[], T>(method: (...args: A) => Promise<T>) =>
        (...args: A) =>
          waves.through(() => method.apply(reader, args));
      const { head, finalized, block, events, stateAt } = reader;
      Object.assign(reader, {
        head: gate(head),
        finalized: gate(finalized),
        block: gate(block),
        events: gate(events),
        stateAt: gate(stateAt),
      });
      node.rollup.mine(turn => turn.propose());
      await node.poll();
      expect(node.archiver.tips().pending.number).to.equal(2);
      expect(waves.count).to.equal(5);
    } finally {
      await node.stop();
    }
  });
});
