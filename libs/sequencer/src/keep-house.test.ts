import { CodedError, EthAddress, UnixSeconds } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { FakeChain, FakePublisher, FakeRollupView, MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { pruneIfDue } from "./keep-house.js";

describe("a prune that L1 refuses", () => {
  const times = { now: UnixSeconds(1_000), publishBy: UnixSeconds(1_004), timeoutMs: 8_000 };
  for (const { reason, level, others } of [
    { reason: "Prov4_NothingToPrune", level: "info", others: true },
    { reason: "Prov4_NotYet", level: "warn", others: false },
  ]) {
    it(`${reason}: ${others ? "somebody was first" : "nobody else is to blame"}`, async () => {
      const logger = new MemoryLogger();
      const rollup = new FakeRollupView(new FakeChain(new ChainFixture()));
      rollup.prunable = true;
      const publisher = new FakePublisher(EthAddress(`0x${"11".repeat(20)}`));
      publisher.onSend = () => {
        throw new CodedError("L1_REVERTED", `it reverts: ${reason}`, { reason });
      };
      const { signal } = new AbortController();
      const state = await pruneIfDue({ clock: new ManualClock(), rollup, publisher, logger }, times, signal);
      expect(state).to.equal("failed");
      const [line] = logger.lines();
      expect(line?.level).to.equal(level);
      expect(line?.fields["code"]).to.equal("L1_REVERTED");
      expect(/another/.test(line?.message ?? "")).to.equal(others);
    });
  }
});
