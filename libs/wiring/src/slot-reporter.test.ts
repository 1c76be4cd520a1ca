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

  it("sums up a chain that comes within one slot, as to a node that joins", async () => {
    const fixture = new ChainFixture();
    const [chain, clock, logger] = [new FakeChain(fixture), new ManualClock(chainSlotMs(1)), new MemoryLogger()];
    const reporter = new SlotReporter({ blocks: chain, clock, logger }, { deployment: chainDeployment(fixture) });
    await reporter.start(new AbortController().signal);
    for (let block = 1; block <= 9; block++) {
      fixture.mine([fixture.tx({ kind: CallKind.NONE }, { notes: 1 })]);
      await chain.follow();
      await chain.prove(block);
    }
    await clock.advance(chainSlotMs(2) + 500 - clock.nowMs());
    await reporter.stop();
    const [line] = logger.messages("info");
    expect(line)
      .to.contain("9 blocks up to block 9 (9 txs)")
      .and.to.match(/block 9 proven$/);
    expect(line!.match(/\bblock \d+ proven/g)).to.have.length(1);
  });
});
