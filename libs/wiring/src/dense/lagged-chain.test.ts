import { BlockNumber } from "@sprtn/primitives";
import type { ChainEvent, ChainFollower } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { FakeChain, MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { WorldStateError, WorldStateErrorCode } from "@sprtn/world-state";
import { LaggedChain, LaggedState } from "./lagged-chain.js";

/** A shared chain, and a view of it that looks every 500 ms, from 200 ms on. */
async function setUp() {
  const clock = new ManualClock();
  const logger = new MemoryLogger();
  const fixture = new ChainFixture();
  const shared = new FakeChain(fixture);
  const follower: ChainFollower = Object.assign(shared, {
    start: async () => {},
    stop: async () => {},
    poll: async () => shared.follow(),
    trouble: () => undefined,
  });
  const chain = { archiver: follower, worldState: shared };
  const view = new LaggedChain({ chain, clock, logger }, { everyMs: 500, phaseMs: 200 });
  const told: string[] = [];
  const describeEvent = (event: ChainEvent) =>
    event.type === "blocks-added"
      ? `+${event.blocks.map(({ header }) => header.number).join()}`
      : event.type === "blocks-removed"
        ? `-${event.removed.map(({ header }) => header.number).join()}`
        : `${event.type} ${event.tip.number}`;
  view.subscribe(event => void told.push(`${clock.nowMs()}: ${describeEvent(event)}`));
  /** What hears of the shared chain before the view does. */
  const heardBefore: (() => void)[] = [];
  shared.subscribe(() => heardBefore.forEach(hear => hear()));
  await view.start();
  const mine = async () => {
    fixture.mine([]);
    await shared.follow();
  };
  return { clock, logger, fixture, shared, view, state: new LaggedState(shared, view), told, heardBefore, mine };
}

describe("the shared chain as one validator of a process sees it", () => {
  it("is new when the validator looks, at moments of its own", async () => {
    const { clock, view, told, mine } = await setUp();
    await mine();
    expect(view.tips().pending.number).to.equal(0);
    await clock.advance(199);
    expect(view.tips().pending.number).to.equal(0);
    await clock.advance(1);
    expect(view.tips().pending.number).to.equal(1);
    await clock.advance(1);
    await mine();
    await mine();
    await clock.advance(498);
    expect(view.tips().pending.number).to.equal(1);
    await clock.advance(1);
    expect(view.tips().pending.number).to.equal(3);
    expect(told).to.deep.equal(["200: +1", "700: +2", "700: +3"]);
    expect(clock.pendingTimers).to.equal(0);
  });

  it("hides what lies above its tip", async () => {
    const { clock, fixture, shared, view, state, mine } = await setUp();
    const { hash } = fixture.message(fixture.fresh(), 5n);
    const tx = fixture.tx({ kind: 0 }, { notes: 1 });
    fixture.mine([tx]);
    await shared.follow();
    const root = shared.latest().reference().noteHashes.root;
    expect(await view.block(BlockNumber(1))).to.equal(undefined);
    expect(await view.minedTx(tx.hash)).to.equal(undefined);
    expect(await view.nextMessageBlock()).to.equal(1);
    expect(state.latest().block).to.equal(0);
    expect(state.anchorBlock(root)).to.equal(undefined);
    expect(state.lookups.anchorBlock(root)).to.equal(undefined);
    await clock.advance(200);
    expect((await view.block(BlockNumber(1)))?.archive).to.equal(shared.tip.archive);
    expect((await view.minedTx(tx.hash))?.block.number).to.equal(1);
    expect(await view.nextMessageBlock()).to.equal(undefined);
    expect(state.latest().block).to.equal(1);
    expect(state.anchorBlock(root)).to.equal(1);
    expect(await view.messageIndex(hash)).to.equal(0n);
    await mine();
    expect(view.synced()).to.equal(true);
  });

  it("loses removed blocks at once, with what came before them, for their state is gone", async () => {
    const { clock, shared, view, told, mine } = await setUp();
    await mine();
    await clock.advance(200);
    await mine();
    await shared.remove(2);
    expect(view.tips().pending.number).to.equal(0);
    expect(told).to.deep.equal(["200: +1", "200: +2", "200: -1,2"]);
    expect(clock.pendingTimers).to.equal(0);
    expect(view.synced()).to.equal(true);
  });

  it("is not in sync while what it has seen is being removed", async () => {
    const { clock, shared, view, heardBefore, mine } = await setUp();
    await mine();
    await clock.advance(200);
    const synced: boolean[] = [];
    heardBefore.push(() => synced.push(view.synced()));
    await shared.remove(1);
    expect(synced).to.deep.equal([false]);
    expect(view.synced()).to.equal(true);
  });

  it("is looked at now when somebody knows of something new", async () => {
    const { clock, fixture, view, told } = await setUp();
    fixture.mine([]);
    await view.poll();
    expect(view.tips().pending.number).to.equal(1);
    expect(told).to.deep.equal(["0: +1"]);
    await clock.advance(1000);
    expect(told).to.have.length(1);
  });

  it("is looked at now when its state is not kept any more, and shows the latest until then", async () => {
    const { shared, view, told, mine } = await setUp();
    const keptFrom = (oldest: number) => (block: BlockNumber) => {
      if (block >= oldest) return shared.at(block);
      throw new WorldStateError(WorldStateErrorCode.NOT_KEPT, `${block} is not kept`, {});
    };
    const shows = (oldest: number) => {
      const states = { at: keptFrom(oldest), latest: () => shared.latest() };
      return new LaggedState(Object.assign(Object.create(shared) as typeof shared, states), view).latest().block;
    };
    await mine();
    await mine();
    expect([shows(0), shows(2)]).to.deep.equal([0, 2]);
    await shared.prove(2);
    await shared.finalize(2);
    expect(told).to.deep.equal(["0: +1", "0: +2", "0: proven 2", "0: finalized 2"]);
    expect(view.tips().pending.number).to.equal(2);
  });

  it("is not told any more after a stop", async () => {
    const { clock, view, told, mine } = await setUp();
    await mine();
    await view.stop();
    await clock.advance(1000);
    await mine();
    expect(told).to.deep.equal([]);
    expect(clock.pendingTimers).to.equal(0);
  });

  it("reaches the others when one listener fails", async () => {
    const { clock, logger, view, told, mine } = await setUp();
    const seen: ChainEvent[] = [];
    view.subscribe(() => Promise.reject(new Error("broken")));
    view.subscribe(event => void seen.push(event));
    await mine();
    await clock.advance(200);
    expect(told).to.have.length(1);
    expect(seen).to.have.length(1);
    expect(logger.lines("error")).to.have.length(1);
  });
});
