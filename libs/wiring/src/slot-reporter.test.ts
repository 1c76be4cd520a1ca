import { ManualClock } from "@sprtn/runtime";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { chainDeployment, chainSlotMs, FakeChain, MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { SlotReporter } from "./slot-reporter.js";

describe("SlotReporter", () => {
  it("says one line a slot: empty, what came, or that this node cannot know", async () => {
    const fixture = new ChainFixture();
    const [chain, clock, logger] = [new FakeChain(fixture), new ManualClock(chainSlotMs(1)), new MemoryLogger()];
    const reporter = new SlotReporter({ blocks: chain, clock, logger }, { deployment: chainDeployment(fixture) });
    const to = (slot: number) => clock.advance(chainSlotMs(slot) + 500 - clock.nowMs());
    await reporter.start(new AbortController().signal);
    await to(2);
    fixture.mine([]);
    await chain.follow();
    await to(3);
    chain.isSynced = false;
    await to(4);
    await reporter.stop();
    expect(logger.messages("info").map(line => line.split(" · ")[1])).to.deep.equal([
      "empty",
      "block 1 (0 txs)",
      "not in step with L1",
    ]);
  });
});
