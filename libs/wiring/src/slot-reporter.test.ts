import { CallKind } from "@sprtn/protocol";
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
    fixture.mine([fixture.tx({ kind: CallKind.NONE }, { notes: 1 })]);
    await chain.follow();
    await to(3);
    chain.isSynced = false;
    await to(4);
    await reporter.stop();
    const lines = logger.messages("info");
    expect(lines).to.have.length(3);
    for (const [i, what] of [/\bempty\b/, /\bblock 1 \(1 tx\)/, /\bL1\b/].entries()) expect(lines[i]).to.match(what);
  });
});
