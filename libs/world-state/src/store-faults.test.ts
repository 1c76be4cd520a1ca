import { BlockNumber, Field, fieldToHex } from "@sprtn/primitives";
import type { KvStore } from "@sprtn/ports";
import { CallKind } from "@sprtn/protocol";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { FailingKvStore, FakeKvStore, MemoryLogger } from "@sprtn/testing";
import { storeFaultCompliance, type StoreScenario } from "@sprtn/testing/compliance";
import { expect } from "chai";
import { CachingHasher } from "./test/caching-hasher.js";
import { WorldState, WorldStateErrorCode } from "./index.js";

const alice = Field(101);
const bob = Field(102);
const hasher = new CachingHasher();
const fixture = chain(8);

function chain(blocks: number): ChainFixture {
  const made = new ChainFixture();
  const message = made.message(alice, 10n ** 12n);
  made.mine([made.deposit(message, { recipient: alice, amount: 10n ** 12n })]);
  for (let block = 1; block < blocks; block++) {
    made.mine(
      block % 3 === 0
        ? []
        : [
            made.tx(
              { kind: CallKind.TRANSFER, target: bob, amount: BigInt(block) },
              { sender: alice, payer: alice, priority: 1n },
            ),
          ],
    );
  }
  return made;
}

const at = (number: number) => ({ block: fixture.blocks[number]!, messages: fixture.messages.get(number) ?? [] });
const openOn = (store: KvStore) =>
  WorldState.open(
    { store, hasher, logger: new MemoryLogger() },
    { genesis: fixture.blocks[0]!, prefix: Uint8Array.of(9) },
  );

/** Follows the chain as the archiver does: what the state has already is not brought to it again. */
function follower(): StoreScenario {
  let state: WorldState;
  const upTo = async (number: number) => {
    for (let next = state.tip().number + 1; next <= number; next++) {
      const { block, messages } = at(next);
      await state.apply(block, messages);
    }
  };
  return {
    open: async store => void (state = await openOn(store)),
    steps: [
      async () => {
        await upTo(2);
        await state.finalize(BlockNumber(1));
      },
      () => upTo(4),
      async () => {
        if (state.oldest() >= 5) return;
        await upTo(3);
        await state.applyFinalized([4, 5].filter(number => number > state.tip().number).map(at));
      },
      () => upTo(8),
      async () => {
        if (state.tip().number > 6) await state.unwind(BlockNumber(6));
      },
      async () => {
        await upTo(7);
        await state.finalize(BlockNumber(7));
      },
      () => upTo(8),
    ],
    view: () => ({
      tip: { number: state.tip().number, archive: fieldToHex(state.tip().archive) },
      oldest: state.oldest(),
      reference: state.latest().reference(),
      archive: state.latest().archive,
      anchors: [...fixture.noteRoots.keys()].map(root => state.anchorBlock(root)),
      balance: state.latest().publicBalance(bob),
    }),
  };
}

storeFaultCompliance("WorldState", follower);

describe("a world state whose write failed", () => {
  for (const fate of ["lost", "unsure"] as const) {
    it(`blames no block for it when blocks are finalized in bulk (the write is ${fate})`, async () => {
      const state = await openOn(new FailingKvStore(new FakeKvStore(), { call: "write", at: 2, fate }));
      const blocks = [1, 2, 3].map(at);
      const error = await state.applyFinalized(blocks).catch((thrown: unknown) => thrown);
      expect(error).to.have.property("code", "FAKE_KV_FAILED");
      expect(state.tip().number).to.equal(fate === "lost" ? 0 : 3);
      const again = await state.applyFinalized(blocks).catch((thrown: unknown) => thrown);
      if (fate === "lost") expect(again).to.equal(undefined);
      else
        expect(again)
          .to.include({ code: WorldStateErrorCode.OUT_OF_STEP })
          .and.not.have.nested.property("payload.rejected");
      const { block, messages } = at(4);
      await state.apply(block, messages);
      expect(state.tip().archive).to.equal(block.archive);
    });
  }

  for (const how of ["one by one", "in bulk"]) {
    it(`blames no block for more messages than L1 allows: they are what this node has read (${how})`, async () => {
      const state = await openOn(new FakeKvStore());
      const { block } = at(1);
      const messages = Array.from({ length: 17 }, (_, i) => Field(i + 1));
      const applied = how === "in bulk" ? state.applyFinalized([{ block, messages }]) : state.apply(block, messages);
      const error = await applied.catch((thrown: unknown) => thrown);
      expect(error).to.have.property("code", "STATE_TOO_MANY_MESSAGES");
      expect(error).not.to.have.nested.property("payload.rejected");
      expect(state.tip().number).to.equal(0);
      await state.apply(block, at(1).messages);
      expect(state.tip().number).to.equal(1);
    });
  }

  it("shows the finalized state while a later one is being written", async () => {
    const store = new FakeKvStore();
    const state = await openOn(store);
    for (const number of [1, 2]) await state.apply(at(number).block, at(number).messages);
    const before = state.at(BlockNumber(0)).archive;
    const finalizing = state.finalize(BlockNumber(2));
    expect(state.at(BlockNumber(0)).archive).to.equal(before);
    expect(state.at(BlockNumber(1)).archive).to.equal(at(1).block.archive);
    await finalizing;
    expect(state.oldest()).to.equal(2);
  });

  it("reads its trees again before it blames a block", async () => {
    const state = await openOn(new FakeKvStore());
    const honest = hasher.hashRows.bind(hasher);
    let lies = 1;
    hasher.hashRows = (rows, width) => {
      const out = honest(rows, width);
      if (lies-- > 0) out[31]! ^= 1;
      return out;
    };
    const { block, messages } = at(1);
    try {
      await state.apply(block, messages);
    } finally {
      hasher.hashRows = honest;
    }
    expect(state.tip().archive).to.equal(block.archive);
  });
});
