import { EpochCommittees, seedOf, slotStart } from "@sprtn/consensus";
import { BlockNumber, type Epoch, type EthAddress, Slot } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import {
  chainDeployment,
  fakeAddresses,
  FailingKvStore,
  FakeChain,
  FakeKvStore,
  MemoryJournal,
  MemoryLogger,
  RecordingMeter,
} from "@sprtn/testing";
import { expect } from "chai";
import { Sentinel, SentinelErrorCode, type SentinelOptions } from "./index.js";

const LATE = 2;
const members = fakeAddresses(4);

/** Slots of 8 s, epochs of 4; block i of the fixture is of slot 2i. */
async function setUp(change: Partial<SentinelOptions> = {}, store = new FakeKvStore(), begin = 0) {
  const fixture = new ChainFixture();
  for (let n = 0; n < 8; n++) fixture.mine([]);
  const { parameters } = chainDeployment(fixture);
  const clock = new ManualClock(1000 * slotStart(parameters, Slot(begin)));
  const chain = new FakeChain(fixture);
  const l1 = { fails: false };
  const source = {
    validatorsAt: async (): Promise<readonly EthAddress[]> => {
      if (l1.fails) throw new Error("L1 is away");
      return members;
    },
    seedOf: async (epoch: Epoch) => seedOf(epoch, 5n),
  };
  const committees = new EpochCommittees({ source }, { committeeSize: 4, epochDuration: 4 });
  const [journal, logger, meter] = [new MemoryJournal(() => clock.nowMs()), new MemoryLogger(), new RecordingMeter()];
  const seen = { pendingTxs: 0, peers: 3 };
  const sentinel = new Sentinel(
    {
      journal,
      blocks: chain,
      committees,
      pendingTxs: () => seen.pendingTxs,
      peers: () => seen.peers,
      store,
      clock,
      logger,
      meter,
    },
    {
      time: parameters,
      buildRules: { minTxPerBlock: 1, minSecondsBetweenBlocks: 0, maxSecondsBetweenBlocks: 0 },
      lateSlots: LATE,
      historyEpochs: 100,
      minPeers: 3,
      own: members[0]!,
      prefix: Uint8Array.of(4),
      ...change,
    },
  );
  await sentinel.start(new AbortController().signal);
  await clock.advance(0);
  const to = async (later: number, offsetMs = 100) =>
    clock.advance(Math.max(0, 1000 * slotStart(parameters, Slot(later)) + offsetMs - clock.nowMs()));
  const committee = (slot: number) => committees.committeeOfSlot(Slot(slot));
  const propose = (slot: number) =>
    journal.record({ type: "proposal", slot: Slot(slot), block: BlockNumber(1), txs: 1 });
  const attest = async (slot: number, ...indices: number[]) => {
    const drawn = await committee(slot);
    for (const index of indices) journal.record({ type: "attestation", slot: Slot(slot), signer: drawn[index]! });
  };
  /** Until the slot is judged: proposal, then each attestation, in a few letters. */
  const judged = async (slot: number) => {
    await to(slot + LATE + 2);
    const duties = await sentinel.getSlotDuties(Slot(slot));
    return duties === null ? null : [duties.proposal, ...duties.attestations.map(({ duty }) => duty)];
  };
  const include = async (block: number) => chain.append(fixture.blocks[block]!);
  return {
    sentinel,
    chain,
    fixture,
    clock,
    journal,
    logger,
    meter,
    seen,
    l1,
    store,
    to,
    propose,
    attest,
    judged,
    include,
    committee,
  };
}

const all = (what: string) => Array.from({ length: 4 }, () => what);

describe("a sentinel", () => {
  it("DUTY-1: tells who proposed and who attested, late ones too", async () => {
    const { to, propose, attest, include, judged, sentinel, committee } = await setUp();
    await to(2);
    propose(2);
    await attest(2, 0, 1);
    await include(1);
    await to(2 + LATE);
    await attest(2, 3);
    expect(await sentinel.getSlotDuties(Slot(2))).to.equal(null);
    expect(await judged(2)).to.deep.equal(["proposed", "attested", "attested", "missed", "attested"]);
    const duties = await sentinel.getSlotDuties(Slot(2));
    expect(duties?.proposer).to.equal((await committee(2))[2]);
  });

  it("DUTY-3: what arrives in the first moment of a slot, or before by a clock that is ahead, counts", async () => {
    const { to, propose, attest, include, judged } = await setUp();
    await to(1, 7_990);
    await attest(2, 0);
    await to(2, 1);
    propose(2);
    await attest(2, 1, 3);
    await to(3, 7_990);
    await attest(2, 2);
    await include(1);
    expect(await judged(2)).to.deep.equal(["proposed", "attested", "attested", "attested", "attested"]);
  });

  it("DUTY-3: an attestation after its time does not count any more", async () => {
    const { to, attest, include, judged } = await setUp();
    await to(2);
    await include(1);
    await attest(2, 0, 1, 2);
    expect(await judged(2)).to.deep.equal(["proposed", "attested", "attested", "attested", "missed"]);
    await attest(2, 3);
    expect(await judged(2)).to.deep.equal(["proposed", "attested", "attested", "attested", "missed"]);
  });

  it("DUTY-1: a proposal that L1 does not get is late", async () => {
    const { to, propose, attest, judged } = await setUp();
    await to(3);
    propose(3);
    await attest(3, 1);
    expect(await judged(3)).to.deep.equal(["late", "none", "attested", "none", "none"]);
  });

  it("DUTY-2: what has waited for a whole slot makes an empty one a miss, what came meanwhile does not", async () => {
    const { to, seen, judged } = await setUp();
    await to(2);
    seen.pendingTxs = 5;
    expect(await judged(2)).to.deep.equal(["idle", ...all("none")]);
    expect(await judged(3)).to.deep.equal(["idle", ...all("none")]);
    // Slot 4's proposer saw them for the whole of slot 3.
    expect(await judged(4)).to.deep.equal(["missed", ...all("none")]);
  });

  it("DUTY-2: by what the operator wants: not too soon, and not too late, after the block before", async () => {
    const soon = await setUp({
      buildRules: { minTxPerBlock: 1, minSecondsBetweenBlocks: 25, maxSecondsBetweenBlocks: 0 },
    });
    soon.seen.pendingTxs = 5;
    await soon.to(3);
    expect(await soon.judged(3)).to.deep.equal(["idle", ...all("none")]);
    expect(await soon.judged(4)).to.deep.equal(["missed", ...all("none")]);
    const old = await setUp({
      buildRules: { minTxPerBlock: 1, minSecondsBetweenBlocks: 0, maxSecondsBetweenBlocks: 24 },
    });
    await old.to(2);
    expect(await old.judged(2)).to.deep.equal(["idle", ...all("none")]);
    expect(await old.judged(3)).to.deep.equal(["missed", ...all("none")]);
  });

  for (const [what, hinder, heal] of [
    ["is not in sync", (node: Awaited<ReturnType<typeof setUp>>) => void (node.chain.isSynced = false), "isSynced"],
    ["has too few peers", (node: Awaited<ReturnType<typeof setUp>>) => void (node.seen.peers = 2), "peers"],
  ] as const)
    it(`DUTY-4: judges nobody of a slot in which it ${what}, or until it is judged`, async () => {
      const node = await setUp();
      node.seen.pendingTxs = 1;
      await node.to(3);
      await node.to(4);
      hinder(node);
      await node.to(5);
      if (heal === "peers") node.seen.peers = 3;
      else node.chain.isSynced = true;
      await node.to(6);
      expect(await node.judged(3)).to.deep.equal(["unknown", ...all("unknown")]);
      expect(await node.judged(4)).to.deep.equal(["unknown", ...all("unknown")]);
      expect(await node.judged(6)).to.deep.equal(["missed", ...all("none")]);
      expect(node.meter.value("sprtn_sentinel_duties_total", { duty: "proposal", status: "unknown" })).to.equal(
        undefined,
      );
    });

  it("DUTY-4: judges nobody of the slots that it has slept through, nor of the one in which it began", async () => {
    const { sentinel, clock, seen, to, judged } = await setUp();
    seen.pendingTxs = 1;
    expect(await judged(0)).to.equal(null);
    await to(3);
    clock.jump(3 * 8_000);
    await to(7, 1_000);
    expect(await judged(2)).to.deep.equal(["unknown", ...all("unknown")]);
    expect(await judged(8)).to.deep.equal(["missed", ...all("none")]);
    for (const slot of [5, 6, 7]) expect(await sentinel.getSlotDuties(Slot(slot)), String(slot)).to.equal(null);
  });

  for (const when of ["before", "after"])
    it(`DUTY-4: what an L1 reorg takes back ${when} it was judged is unknown; a prune changes nothing`, async () => {
      const { to, chain, include, attest, judged } = await setUp();
      await to(2);
      await include(1);
      await attest(2, 0, 1, 2);
      await to(4);
      await include(2);
      await attest(4, 0, 1, 2, 3);
      if (when === "after") await to(4 + LATE + 2);
      await chain.remove(1, "reorg");
      await to(4 + LATE + 3);
      await chain.remove(1, "prune");
      await to(4 + LATE + 4);
      expect(await judged(4)).to.deep.equal(["unknown", ...all("unknown")]);
      expect(await judged(2)).to.deep.equal(["proposed", "attested", "attested", "attested", "missed"]);
    });

  it("counts what it has judged, own misses apart", async () => {
    const { to, include, attest, judged, meter, seen, committee } = await setUp();
    await to(2);
    await include(1);
    const own = (await committee(2)).indexOf(members[0]!);
    await attest(2, ...[0, 1, 2, 3].filter(index => index !== own));
    seen.pendingTxs = 1;
    await judged(2);
    const value = (duty: string, status: string) => meter.value("sprtn_sentinel_duties_total", { duty, status });
    expect([value("proposal", "proposed"), value("attestation", "attested")]).to.deep.equal([1, 3]);
    expect(value("attestation", "missed")).to.equal(1);
    expect(meter.value("sprtn_sentinel_own_missed_total", { duty: "attestation" })).to.equal(1);
  });

  it("tells a validator's duties in a range, and totals, also after a restart", async () => {
    const store = new FakeKvStore();
    const { sentinel, to, include, attest, judged, committee } = await setUp({}, store);
    await to(2);
    await include(1);
    await attest(2, 0, 1, 2);
    await judged(3);
    const drawn = await committee(2);
    await sentinel.stop();
    const { sentinel: again } = await setUp({}, store, 9);
    const duties = (index: number) => again.getDuties(drawn[index]!, Slot(1), Slot(3));
    expect(await duties(3)).to.deep.equal([
      { slot: 1, proposal: null, attestation: "none" },
      { slot: 2, proposal: null, attestation: "missed" },
      { slot: 3, proposal: "idle", attestation: "none" },
    ]);
    expect((await duties(2))[1]).to.deep.equal({ slot: 2, proposal: "proposed", attestation: "attested" });
    expect(await again.getDuties(fakeAddresses(9)[8]!, Slot(1), Slot(3))).to.deep.equal([]);
    const totals = await again.getDutyTotals();
    expect(totals.find(({ validator }) => validator === drawn[3])?.attestations).to.include({ missed: 1, attested: 0 });
    expect(totals.find(({ validator }) => validator === drawn[2])?.proposals).to.include({ proposed: 1 });
  });

  it("answers for at most 1,000 slots at once", async () => {
    const { sentinel } = await setUp();
    const code = async (from: number, to: number) =>
      sentinel.getDuties(members[0]!, Slot(from), Slot(to)).then(
        () => "none",
        (error: { readonly code?: string }) => error.code,
      );
    expect(await code(5, 1_004)).to.equal("none");
    expect(await code(5, 1_005)).to.equal(SentinelErrorCode.TOO_MANY_SLOTS);
    expect(await code(5, 4)).to.equal(SentinelErrorCode.TOO_MANY_SLOTS);
    expect(await code(5, 5)).to.equal("none");
  });

  it("DUTY-5: forgets what is older than it was told to remember", async () => {
    const { sentinel, store, to } = await setUp({ historyEpochs: 2 });
    await to(7 + LATE + 2);
    expect(await sentinel.getSlotDuties(Slot(3))).not.to.equal(null);
    await to(12, 1_000);
    expect(await sentinel.getSlotDuties(Slot(3))).to.equal(null);
    expect(await sentinel.getSlotDuties(Slot(4))).not.to.equal(null);
    let records = 0;
    for await (const [key] of store.entries({ gte: Uint8Array.of(4) })) records += key.length > 0 ? 1 : 0;
    // Slots 4 to 9, and the committees of epochs 1 and 2.
    expect(records).to.equal(8);
  });

  it("judges later, not wrongly, what L1 or the disk keep from it, and says so once", async () => {
    const store = new FakeKvStore();
    const failing = new FailingKvStore(store);
    const { l1, to, include, attest, judged, sentinel, logger } = await setUp({}, failing as never);
    l1.fails = true;
    await to(2);
    await include(1);
    await to(6);
    expect(await sentinel.getSlotDuties(Slot(2))).to.equal(null);
    expect(logger.lines("verbose")).to.have.length(1);
    l1.fails = false;
    await attest(2, 0, 1, 2);
    expect((await judged(4))?.[0]).to.equal("idle");
    expect((await sentinel.getSlotDuties(Slot(2)))?.proposal).to.equal("proposed");
  });

  it("remembers a bounded number of slots while L1 does not tell committees", async () => {
    const { l1, to, sentinel } = await setUp();
    l1.fails = true;
    await to(100);
    l1.fails = false;
    await to(104);
    expect(await sentinel.getSlotDuties(Slot(36))).to.equal(null);
    expect(await sentinel.getSlotDuties(Slot(45))).not.to.equal(null);
  });
});
