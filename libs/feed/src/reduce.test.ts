import { expect } from "chai";
import fc from "fast-check";
import type { FeedChange, FeedEvent } from "./feed-event.js";
import { type BlockRow, FEED_VERSION, type FeedState, KEPT_SLOTS } from "./feed-state.js";
import { initialState } from "./initial-state.js";
import { reduce } from "./reduce.js";

const node = {
  name: "validator-1",
  version: "0.1.0",
  network: "test",
  chainId: "31337",
  rollup: "0x00",
  roles: ["node"],
  own: null,
  proofMode: "simulated",
  crs: null,
  density: 1,
} as const;
const rules = {
  genesisTime: 1_000,
  slotDuration: 12,
  epochDuration: 4,
  fees: "on",
  proofWindow: 48,
  challengeWindow: 48,
  timetable: { sync: 1, build: 1, propose: 2, collect: 3, publish: 3 },
} as const;
const start = initialState(node, rules, 5_000);
const committee = ["0xa", "0xb", "0xc"];

const apply = (state: FeedState, ...changes: readonly FeedChange[]): FeedState =>
  changes.reduce(
    (next, change) => reduce(next, { v: FEED_VERSION, seq: next.seq + 1, atMs: next.atMs + 1, ...change }),
    state,
  );
const slots = (from: number, to: number): FeedChange[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ t: "slot", slot: from + index }));
const block = (slot: number, hash = `0x${slot}`): BlockRow => ({ number: slot, slot, hash, txs: 1, afterMs: 900 });
const row = (state: FeedState, slot: number) => state.slots.find(one => one.slot === slot);

describe("the state of a node's page", () => {
  it("has the number and the time of its last event", () => {
    const state = apply(start, ...slots(0, 2));
    expect([state.seq, state.atMs]).to.deep.equal([start.seq + 3, start.atMs + 3]);
    expect(start.seq).to.equal(5_000);
  });

  it(`keeps the last ${KEPT_SLOTS} slots, in order, each once`, () => {
    const state = apply(start, ...slots(3, KEPT_SLOTS + 9), ...slots(5, 7));
    expect(state.slots.map(({ slot }) => slot)).to.deep.equal(
      Array.from({ length: KEPT_SLOTS }, (_, index) => index + 10),
    );
  });

  it("begins its slots anew after a gap", () => {
    expect(apply(start, ...slots(0, 5), ...slots(8, 9)).slots.map(({ slot }) => slot)).to.deep.equal([8, 9]);
  });

  it("COM-2: knows proposers once it knows their epoch's committee, whichever comes first", () => {
    const epoch = (number: number, members = committee): FeedChange => ({
      t: "epoch",
      epoch: { epoch: number, committee: members, quorum: 3 },
    });
    const late = apply(start, ...slots(4, 7), epoch(1));
    const early = apply(start, ...slots(4, 4), epoch(1), ...slots(5, 7));
    expect(late.slots.map(({ proposer }) => proposer)).to.deep.equal(["0xb", "0xc", "0xa", "0xb"]);
    expect(early.slots).to.deep.equal(late.slots);
    expect(row(apply(start, ...slots(4, 4)), 4)?.proposer).to.equal(null);
    // After an L1 reorg it is another one.
    const redrawn = apply(late, epoch(1, ["0xd"]));
    expect(redrawn.epochs).to.have.length(1);
    expect(row(redrawn, 6)?.proposer).to.equal("0xd");
    expect(row(apply(late, epoch(1, [])), 6)?.proposer).to.equal(null);
  });

  it("forgets committees whose slots are not shown, and takes none of other epochs", () => {
    const epoch = (number: number): FeedChange => ({ t: "epoch", epoch: { epoch: number, committee, quorum: 3 } });
    const state = apply(start, ...slots(0, 11), epoch(2), epoch(0), epoch(1), epoch(3));
    expect(state.epochs.map(one => one.epoch)).to.deep.equal([0, 1, 2]);
    const later = apply(state, ...slots(12, 8 + KEPT_SLOTS));
    expect(later.epochs.map(one => one.epoch)).to.deep.equal([2]);
  });

  it("counts a member's attestation once, and keeps the first proposal", () => {
    const state = apply(
      start,
      ...slots(0, 1),
      {
        t: "attestation",
        slot: 1,
        from: [
          [0, 10],
          [2, 12],
        ],
      },
      {
        t: "attestation",
        slot: 1,
        from: [
          [2, 15],
          [1, 16],
        ],
      },
      { t: "proposal", slot: 1, block: 7, txs: 3, afterMs: 5 },
      { t: "proposal", slot: 1, block: 8, txs: 4, afterMs: 6 },
    );
    expect(row(state, 1)?.attested).to.deep.equal([
      [0, 10],
      [2, 12],
      [1, 16],
    ]);
    expect(row(state, 1)?.proposal).to.deep.equal({ block: 7, txs: 3, afterMs: 5 });
  });

  it("keeps a block that is gone, with its cause, and lets it come back", () => {
    const added = apply(start, ...slots(0, 3), { t: "blocks", added: [block(1), block(3)], removed: [] });
    const pruned = apply(added, { t: "blocks", added: [], removed: ["0x1", "0x3"], cause: "prune" });
    expect(row(pruned, 3)?.blocks).to.deep.equal([{ ...block(3), removed: "prune" }]);
    const replaced = apply(pruned, { t: "blocks", added: [block(3, "0xf")], removed: [] });
    expect(row(replaced, 3)?.blocks.map(({ hash }) => hash)).to.deep.equal(["0x3", "0xf"]);
    const back = apply(replaced, { t: "blocks", added: [block(3)], removed: ["0xf"], cause: "reorg" });
    expect(row(back, 3)?.blocks).to.deep.equal([{ ...block(3, "0xf"), removed: "reorg" }, block(3)]);
  });

  it("takes the last figures of a step, and what became of an own slot", () => {
    const state = apply(
      start,
      ...slots(0, 1),
      { t: "step", slot: 1, step: "build", fromMs: 5, toMs: 9 },
      { t: "step", slot: 1, step: "build", fromMs: 12, toMs: 13 },
      { t: "own", slot: 1, outcome: "failed", code: "X", reason: "because" },
    );
    expect(row(state, 1)?.steps).to.deep.equal([{ step: "build", fromMs: 12, toMs: 13 }]);
    expect(row(state, 1)?.own).to.deep.equal({ outcome: "failed", code: "X", reason: "because" });
  });

  it("lets nothing grow of slots that it does not show, and passes over what it does not know", () => {
    const state = apply(start, ...slots(10, 12));
    for (const change of [
      { t: "proposal", slot: 9, block: 1, txs: 1, afterMs: 1 },
      { t: "attestation", slot: 13, from: [[0, 1]] },
      { t: "own", slot: 2 ** 40, outcome: "x", code: null, reason: null },
      { t: "blocks", added: [block(9)], removed: ["0x9"] },
      { t: "weather", wind: 9 } as never,
    ] satisfies FeedChange[]) {
      const { seq, atMs, ...rest } = apply(state, change);
      expect([seq, atMs]).to.deep.equal([state.seq + 1, state.atMs + 1]);
      expect(rest).to.deep.equal((({ seq: _seq, atMs: _atMs, ...others }) => others)(state));
    }
  });

  it("grows no row without bound, however L1 reorganises", () => {
    const many = Array.from({ length: 50 }, (_, index): FeedChange => ({
      t: "blocks",
      added: [block(1, `0x${index}`)],
      removed: [`0x${index - 1}`],
    }));
    expect(row(apply(start, ...slots(0, 1), ...many), 1)?.blocks).to.have.length(4);
  });

  const slot = fc.integer({ min: 0, max: 12 });
  const changes: fc.Arbitrary<FeedChange> = fc.oneof(
    slot.map((at): FeedChange => ({ t: "slot", slot: at })),
    fc
      .tuple(fc.integer({ min: 0, max: 3 }), fc.subarray(committee))
      .map(([epoch, members]): FeedChange => ({ t: "epoch", epoch: { epoch, committee: members, quorum: 1 } })),
    slot.map((at): FeedChange => ({ t: "proposal", slot: at, block: at, txs: 1, afterMs: 4 })),
    fc
      .tuple(slot, fc.integer({ min: 0, max: 2 }))
      .map(([at, member]): FeedChange => ({ t: "attestation", slot: at, from: [[member, 1]] })),
    fc
      .tuple(slot, fc.integer({ min: 0, max: 3 }))
      .map(([at, fork]): FeedChange => ({
        t: "blocks",
        added: [block(at, `0x${at}${fork}`)],
        removed: [`0x${at}${fork + 1}`],
        cause: "reorg",
      })),
  );

  it("is the same for a page that is given the state, as JSON, and the events after it", () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 60 }), fc.nat(60), (all, at) => {
        const server = apply(start, ...all);
        const given = JSON.parse(JSON.stringify(apply(start, ...all.slice(0, at)))) as FeedState;
        let page = given;
        for (const [index, change] of all.slice(at).entries()) {
          const event = { v: FEED_VERSION, seq: given.seq + index + 1, atMs: given.atMs + index + 1, ...change };
          page = reduce(page, JSON.parse(JSON.stringify(event)) as FeedEvent);
        }
        expect(page).to.deep.equal(server);
      }),
    );
  });
});
