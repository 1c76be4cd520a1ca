import { CodedError, type EthAddress } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { chainDeployment, chainSlotMs, fakeAddresses, MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { SetMembership } from "./index.js";

const [own, other] = fakeAddresses(2) as [EthAddress, EthAddress];

async function setUp() {
  const [clock, logger] = [new ManualClock(chainSlotMs(1)), new MemoryLogger()];
  const state = { set: [other] as EthAddress[], down: false, asked: 0 };
  const sets = {
    validatorsAt: async () => {
      state.asked++;
      if (state.down) throw new CodedError("FAKE_L1_DOWN", "this L1 is down");
      return state.set;
    },
  };
  const { parameters } = chainDeployment(new ChainFixture(), {});
  const membership = new SetMembership({ sets, address: own, clock, logger }, { parameters, pollIntervalMs: 1000 });
  return { clock, logger, state, membership };
}

describe("a sequencer whose key is in no set", () => {
  it("says so at start, once, and in readiness, until it is added", async () => {
    const { clock, logger, state, membership } = await setUp();
    await membership.start(new AbortController().signal);
    await clock.advance(5000);
    expect(membership.problem()?.code).to.equal("SEQUENCER_KEY_IN_NO_SET");
    expect(membership.problem()?.reason).to.contain(own);
    await clock.advance(2 * 32_000);
    expect(logger.lines("warn").map(line => line.fields["code"])).to.deep.equal(["SEQUENCER_KEY_IN_NO_SET"]);
    expect(state.asked).to.equal(3);
    state.set = [other, own];
    await clock.advance(32_000);
    expect(membership.problem()).to.equal(undefined);
    expect(logger.lines("info")).to.have.length(1);
    await membership.stop();
  });

  it("does not know while L1 does not answer, and says nothing of a key that is in the set", async () => {
    const { clock, logger, state, membership } = await setUp();
    Object.assign(state, { down: true, set: [own] });
    await membership.start(new AbortController().signal);
    await clock.advance(3000);
    state.down = false;
    await clock.advance(3000);
    expect(membership.problem()).to.equal(undefined);
    expect([...logger.lines("warn"), ...logger.lines("info")]).to.deep.equal([]);
    await membership.stop();
  });
});
