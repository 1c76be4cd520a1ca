import { EpochCommittees, seedOf, slotStart } from "@sprtn/consensus";
import { type FeedEvent, type FeedState, KEPT_SLOTS, reduce } from "@sprtn/feed";
import { BlockNumber, type Epoch, type EthAddress, fieldToHex, Slot } from "@sprtn/primitives";
import type { EpochProgress, PeerInfo } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { chainDeployment, fakeAddresses, FakeChain, FakeL1Time, MemoryJournal, MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { NodeFeed } from "./node-feed.js";

/** Block i of slot 2i, i = 1…6; the node has followed `followed` of them. */
async function setUp({ slot = 0, followed = 0 } = {}) {
  const fixture = new ChainFixture();
  for (let n = 0; n < 6; n++) fixture.mine([]);
  const { parameters } = chainDeployment(fixture);
  const clock = new ManualClock(1000 * slotStart(parameters, Slot(slot)));
  const chain = new FakeChain(fixture);
  await chain.append(...fixture.blocks.slice(1, 1 + followed));
  const members = fakeAddresses(4);
  const l1 = { members, fails: false, asked: 0, hangs: undefined as Promise<never> | undefined };
  const source = {
    validatorsAt: async (): Promise<readonly EthAddress[]> => {
      l1.asked++;
      if (l1.hangs !== undefined) return l1.hangs;
      if (l1.fails) throw new Error("L1 is away");
      return l1.members;
    },
    seedOf: async (epoch: Epoch) => seedOf(epoch, 5n),
  };
  const committees = new EpochCommittees({ source }, { committeeSize: 4, epochDuration: 4 });
  const [journal, l1Time, logger] = [new MemoryJournal(() => clock.nowMs()), new FakeL1Time(clock), new MemoryLogger()];
  l1Time.onReorg(() => committees.clear());
  const figures = {
    pool: { count: 0, bytes: 0 },
    machine: { uptime: 1, rssBytes: 2, cores: 0.5, loopLagMs: 3 },
    peers: [] as Pick<PeerInfo, "direction">[],
    readiness: { ready: true } as { ready: boolean; code?: string; reason?: string },
    epochs: [] as EpochProgress[],
    broken: false,
  };
  const feed = new NodeFeed(
    {
      blocks: chain,
      committees,
      journal,
      l1Time,
      pool: () => figures.pool,
      peers: () => figures.peers as PeerInfo[],
      machine: () => figures.machine,
      baseFees: async () => {
        if (figures.broken) throw new Error("the store is away");
        return { perL2Gas: 7n, perDaGas: 2n ** 100n };
      },
      readiness: () => figures.readiness,
      prover: { epochs: async () => figures.epochs, jobs: () => ({ queued: 1, leased: 2, done: 3, failed: 4 }) },
      clock,
      logger,
    },
    {
      node: {
        name: "validator-1",
        version: "0.1.0",
        network: "test",
        chainId: "31337",
        rollup: "0x00",
        roles: ["node"],
        own: members[0] as string,
        proofMode: "simulated",
        crs: null,
        density: 1,
      },
      rules: {
        genesisTime: parameters.genesisTime,
        slotDuration: parameters.slotDuration,
        epochDuration: parameters.epochDuration,
        fees: "on",
        proofWindow: 1,
        challengeWindow: 1,
        timetable: { sync: 1, build: 1, propose: 2, collect: 3, publish: 3 },
      },
      parameters,
    },
  );
  const abort = new AbortController();
  await feed.start(abort.signal);
  const run = async (ms: number) => clock.advance(ms);
  await run(0);
  const row = (of: number) => feed.source.state.slots.find(one => one.slot === of);
  const committeeOf = (of: number) => committees.committeeOfSlot(Slot(of));
  const toSlot = async (to: number) => run(1000 * slotStart(parameters, Slot(to)) - clock.nowMs());
  return { feed, clock, chain, fixture, journal, l1, l1Time, logger, figures, run, toSlot, row, committeeOf };
}

describe("a node's feed", () => {
  it("says nothing of slots before genesis", async () => {
    const { feed, clock, run } = await setUp();
    clock.jump(-100_000);
    await run(500);
    expect(feed.source.state.slots.map(({ slot }) => slot)).to.deep.equal([0]);
  });

  it("tells each slot as it begins, with proposers once their committee is known", async () => {
    const { feed, toSlot, run, committeeOf, row } = await setUp();
    await toSlot(5);
    await run(250);
    expect(feed.source.state.slots.map(({ slot }) => slot)).to.deep.equal([0, 1, 2, 3, 4, 5]);
    expect(feed.source.state.epochs).to.deep.equal([
      { epoch: 0, committee: await committeeOf(0), quorum: 3 },
      { epoch: 1, committee: await committeeOf(4), quorum: 3 },
    ]);
    expect(row(5)?.proposer).to.equal((await committeeOf(5))[5 % 4]);
  });

  it("begins with what was before it was started: slots, committees and the blocks that L1 holds", async () => {
    const { feed, fixture, run, row } = await setUp({ slot: 6, followed: 3 });
    await run(500);
    expect(feed.source.state.slots).to.have.length(7);
    const hash = fieldToHex(fixture.blocks[2]?.headerHash as never);
    expect(row(4)?.blocks).to.deep.equal([{ number: 2, slot: 4, hash, txs: 0, afterMs: null }]);
    expect(row(5)?.blocks).to.deep.equal([]);
    expect(feed.source.state.epochs.map(({ epoch }) => epoch)).to.deep.equal([0, 1]);
  });

  it("waits with that until the node has caught up with L1", async () => {
    const fresh = await setUp({ slot: 6, followed: 3 });
    expect(fresh.row(4)?.blocks).to.have.length(1);
    const behind = await setUp({ slot: 2 });
    behind.chain.isSynced = false;
    behind.clock.jump(1000 * 8 * 2 * KEPT_SLOTS);
    await behind.run(250);
    await behind.chain.append(...behind.fixture.blocks.slice(1));
    behind.chain.isSynced = true;
    await behind.run(250);
    // Its blocks are of slots that are shown no longer.
    expect(behind.feed.source.state.slots).to.have.length(KEPT_SLOTS);
    expect(behind.feed.source.state.slots.flatMap(({ blocks }) => blocks)).to.deep.equal([]);
  });

  it("tells proposals and attestations with the time since their slot began, several at once", async () => {
    const { feed, journal, toSlot, run, row, committeeOf } = await setUp();
    await toSlot(2);
    const events: FeedEvent[] = [];
    feed.source.subscribe(({ json }) => events.push(JSON.parse(json) as FeedEvent));
    const committee = await committeeOf(2);
    await run(100);
    journal.record({ type: "proposal", slot: Slot(2), block: BlockNumber(1), txs: 4 });
    for (const index of [2, 0]) journal.record({ type: "attestation", slot: Slot(2), signer: committee[index]! });
    await run(300);
    expect(row(2)?.proposal).to.deep.equal({ block: 1, txs: 4, afterMs: 100 });
    expect(row(2)?.attested).to.deep.equal([
      [2, 100],
      [0, 100],
    ]);
    expect(events.filter(({ t }) => t === "attestation")).to.have.length(1);
  });

  it("shows what comes in the first moment of a slot, or before it by a clock that is ahead", async () => {
    const { journal, chain, fixture, clock, toSlot, row } = await setUp();
    await toSlot(3);
    journal.record({ type: "proposal", slot: Slot(4), block: BlockNumber(2), txs: 1 });
    await chain.append(fixture.blocks[1] as never);
    clock.jump(8_010);
    journal.record({ type: "step", slot: Slot(4), step: "sync", startedMs: clock.nowMs(), endedMs: clock.nowMs() });
    expect(row(4)?.proposal).to.deep.equal({ block: 2, txs: 1, afterMs: -8_000 });
    expect(row(4)?.steps).to.have.length(1);
    clock.jump(8_000);
    journal.record({ type: "proposal", slot: Slot(5), block: BlockNumber(3), txs: 1 });
    expect(row(5)?.proposal).to.include({ afterMs: 10 });
    clock.jump(8_000);
    await chain.append(fixture.blocks[2] as never, fixture.blocks[3] as never);
    expect(row(6)?.blocks).to.have.length(1);
  });

  it("keeps attestations of a committee that L1 does not tell yet, and asks again", async () => {
    const { feed, journal, l1, l1Time, toSlot, run, row, committeeOf, logger } = await setUp();
    await toSlot(3);
    await run(250);
    const committee = await committeeOf(4);
    l1.fails = true;
    l1Time.reorg();
    await toSlot(4);
    journal.record({ type: "attestation", slot: Slot(4), signer: committee[1]! });
    await run(5_000);
    expect(row(4)?.attested).to.deep.equal([]);
    expect(row(4)?.proposer).to.equal(null);
    // Once for the whole of it, and other figures go on meanwhile.
    expect(logger.lines("verbose").filter(({ message }) => message.includes("old figures"))).to.have.length(1);
    expect(feed.source.state.tips.l1?.timestamp).to.be.greaterThan(1_000);
    l1.fails = false;
    await run(2_000);
    expect(row(4)?.attested).to.deep.equal([[1, 0]]);
    expect(row(4)?.proposer).to.equal(committee[0]);
  });

  it("shows figures and health while L1 does not answer at all", async () => {
    const { feed, l1, l1Time, figures, toSlot, run } = await setUp();
    l1.hangs = new Promise(() => {});
    l1Time.reorg();
    await toSlot(4);
    figures.readiness = { ready: false, code: "L1_UNREACHABLE", reason: "wait" };
    await run(1_000);
    expect(feed.source.state.health).to.deep.include({ ready: false, code: "L1_UNREACHABLE", reason: "wait" });
  });

  it("draws committees anew after an L1 reorg", async () => {
    const { feed, l1, l1Time, toSlot, run, row } = await setUp();
    await toSlot(1);
    await run(250);
    const before = feed.source.state.epochs[0]?.committee;
    l1.members = fakeAddresses(8).slice(4);
    l1Time.reorg();
    await run(2_000);
    expect(feed.source.state.epochs[0]?.committee).not.to.deep.equal(before);
    expect(row(1)?.proposer).to.equal(feed.source.state.epochs[0]?.committee[1]);
  });

  it("follows blocks as they come, go and come back", async () => {
    const { chain, fixture, toSlot, row } = await setUp();
    await toSlot(4);
    await chain.append(...fixture.blocks.slice(1, 3));
    expect(row(4)?.blocks[0]).to.include({ number: 2, afterMs: 0 });
    await chain.remove(1, "prune");
    expect(row(4)?.blocks[0]?.removed).to.equal("prune");
    await chain.append(fixture.blocks[2] as never);
    expect(row(4)?.blocks).to.have.length(1);
    expect(row(4)?.blocks[0]?.removed).to.equal(undefined);
  });

  it("tells steps and what became of own slots", async () => {
    const { clock, journal, toSlot, row } = await setUp();
    await toSlot(1);
    const startedMs = clock.nowMs() + 5;
    journal.record({ type: "step", slot: Slot(1), step: "build", startedMs, endedMs: startedMs + 20.6 });
    journal.record({ type: "own-slot", slot: Slot(1), outcome: "failed", why: { code: "X", reason: "because" } });
    expect(row(1)?.steps).to.deep.equal([{ step: "build", fromMs: 5, toMs: 26 }]);
    expect(row(1)?.own).to.deep.equal({ outcome: "failed", code: "X", reason: "because" });
  });

  it("tells figures each second, and only those that have changed", async () => {
    const { feed, figures, chain, run } = await setUp({ slot: 3 });
    await run(1_000);
    const told: string[] = [];
    feed.source.subscribe(({ json }) => told.push((JSON.parse(json) as FeedEvent).t));
    await run(900);
    told.length = 0;
    figures.pool = { count: 3, bytes: 900 };
    figures.peers = [{ direction: "inbound" }, { direction: "outbound" }, { direction: "inbound" }];
    figures.epochs = [
      {
        epoch: 0 as Epoch,
        firstBlock: 1,
        lastBlock: 2,
        jobsDone: 3,
        jobsTotal: 9,
        secondsLeft: 12,
        state: "proving",
        failure: null,
        troubles: [],
      },
    ];
    chain.isSynced = false;
    await run(1_000);
    expect(told.filter(t => t !== "slot").toSorted()).to.deep.equal(["peers", "pool", "proofs", "tips"]);
    const { pool, peers, proofs, tips, fees, machine } = feed.source.state;
    expect([pool, peers, tips.synced]).to.deep.equal([{ count: 3, bytes: 900 }, { inbound: 2, outbound: 1 }, false]);
    expect(proofs?.epochs).to.deep.equal([
      { epoch: 0, state: "proving", done: 3, total: 9, secondsLeft: 12, failure: null },
    ]);
    expect(fees).to.deep.equal({ perL2Gas: "7", perDaGas: String(2n ** 100n) });
    expect(machine.rssBytes).to.equal(2);
  });

  it("says since when the node is as it is", async () => {
    const { feed, figures, clock, run } = await setUp({ slot: 3 });
    await run(3_000);
    figures.readiness = { ready: false, code: "NODE_NOT_SYNCED", reason: "1 block behind" };
    await run(1_000);
    const since = feed.source.state.health.sinceMs;
    expect(since).to.be.within(clock.nowMs() - 1_000, clock.nowMs());
    figures.readiness = { ready: false, code: "NODE_NOT_SYNCED", reason: "2 blocks behind" };
    await run(5_000);
    expect(feed.source.state.health).to.deep.include({ sinceMs: since, reason: "2 blocks behind" });
  });

  it("goes on after figures could not be had, and says so once", async () => {
    const { feed, figures, logger, run } = await setUp({ slot: 3 });
    figures.broken = true;
    figures.pool = { count: 9, bytes: 9 };
    await run(5_000);
    expect(logger.lines("verbose")).to.have.length(1);
    figures.broken = false;
    await run(1_000);
    expect(feed.source.state.pool.count).to.equal(9);
  });

  it("LIMIT-38: gives a page that comes back the events that it missed, if it was not away for long", async () => {
    const { feed, toSlot } = await setUp();
    const early = JSON.parse(feed.source.snapshot()) as FeedState;
    await toSlot(3);
    const missed = feed.source.since(early.seq) ?? [];
    const caughtUp = missed.reduce((state, { json }) => reduce(state, JSON.parse(json) as FeedEvent), early);
    expect(caughtUp).to.deep.equal(JSON.parse(feed.source.snapshot()));
    expect(feed.source.since(caughtUp.seq)).to.deep.equal([]);
    // Of a node that was started before.
    expect(feed.source.since(3)).to.equal(undefined);
    expect(feed.source.since(caughtUp.seq + 1)).to.equal(undefined);
    await toSlot(3 + 3_000);
    expect(feed.source.since(early.seq)).to.equal(undefined);
  });

  it("hears nothing any more once it is stopped", async () => {
    const { feed, journal, toSlot } = await setUp();
    await toSlot(1);
    await feed.stop();
    const { seq } = feed.source.state;
    journal.record({ type: "proposal", slot: Slot(1), block: BlockNumber(1), txs: 1 });
    await toSlot(3);
    expect(feed.source.state.seq).to.equal(seq);
  });
});
