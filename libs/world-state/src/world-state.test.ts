import { BlockNumber, Field, fieldFromBytes, jsFieldHasher } from "@sprtn/primitives";
import type { KvOperation, KvRange, KvStore, Logger } from "@sprtn/ports";
import { CallKind } from "@sprtn/protocol";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { expect } from "chai";
import { WorldState, WorldStateError, WorldStateErrorCode } from "./index.js";

const silent: Logger = { error() {}, warn() {}, info() {}, verbose() {}, debug() {}, child: () => silent };
const alice = Field(101);
const bob = Field(102);

/** A store that can fail at its n-th write, as a crash would. */
class CrashingStore implements KvStore {
  readonly #entries = new Map<string, Uint8Array>();
  writesLeft = Number.POSITIVE_INFINITY;

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#entries.get(Buffer.from(key).toString("hex"));
  }

  getMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    return keys.map(key => this.get(key));
  }

  async write(operations: readonly KvOperation[]): Promise<void> {
    if (this.writesLeft-- <= 0) throw new WorldStateError(WorldStateErrorCode.CORRUPT, "crash");
    for (const operation of operations) {
      const key = Buffer.from(operation.key).toString("hex");
      if (operation.type === "put") this.#entries.set(key, operation.value.slice());
      else this.#entries.delete(key);
    }
  }

  async *entries(_range?: KvRange): AsyncIterable<readonly [Uint8Array, Uint8Array]> {
    yield* [];
  }

  async close(): Promise<void> {}
}

function chain(blocks = 6): ChainFixture {
  const fixture = new ChainFixture();
  const message = fixture.message(alice, 10n ** 12n);
  fixture.mine([fixture.deposit(message, { recipient: alice, amount: 10n ** 12n })]);
  for (let i = 1; i < blocks; i++) {
    fixture.mine(
      i % 3 === 0
        ? []
        : [
            fixture.tx(
              { kind: CallKind.TRANSFER, target: bob, amount: BigInt(i) },
              { sender: alice, payer: alice, priority: 1n },
            ),
            fixture.tx({ kind: CallKind.SHIELD, amount: 3n }, { sender: alice, payer: alice, notes: 1 }),
          ],
    );
  }
  return fixture;
}

const open = (fixture: ChainFixture, store: KvStore = new CrashingStore()) =>
  WorldState.open(
    { store, hasher: jsFieldHasher, logger: silent },
    { genesis: fixture.blocks[0]!, prefix: Uint8Array.of(9) },
  );
const blockAt = (fixture: ChainFixture, number: number) => ({
  block: fixture.blocks[number]!,
  messages: fixture.messages.get(number) ?? [],
});

async function applyAll(state: WorldState, fixture: ChainFixture, from = state.tip().number + 1): Promise<void> {
  for (let number = from; number < fixture.blocks.length; number++) {
    const { block, messages } = blockAt(fixture, number);
    await state.apply(block, messages);
  }
}

describe("world state", () => {
  it("follows blocks; every kept state stays readable (STATE-2)", async () => {
    const fixture = chain();
    const balances: bigint[] = [];
    const state = await open(fixture);
    for (let number = 1; number < fixture.blocks.length; number++) {
      const { block, messages } = blockAt(fixture, number);
      await state.apply(block, messages);
      balances[number] = state.latest().publicBalance(bob);
    }
    expect(state.tip()).to.deep.include({ number: 6, archive: fixture.tip.archive });
    for (let number = 1; number <= 6; number++) {
      const view = state.at(BlockNumber(number));
      expect(view.publicBalance(bob)).to.equal(balances[number]);
      expect(view.archive).to.equal(fixture.blocks[number]!.archive);
      expect(view.hasNullifier(fixture.blocks[2]!.effects[0]!.nullifiers[0])).to.equal(number >= 2);
    }
    await state.finalize(BlockNumber(4));
    expect(state.oldest()).to.equal(4);
    expect(state.at(BlockNumber(5)).publicBalance(bob)).to.equal(balances[5]);
    expect(() => state.at(BlockNumber(3))).to.throw(WorldStateError, "not kept");
    expect(() => state.at(BlockNumber(7))).to.throw(WorldStateError, "not kept");
  });

  it("unwinds and follows another branch; never below the finalized block", async () => {
    const fixture = chain();
    const state = await open(fixture);
    await applyAll(state, fixture);
    await state.finalize(BlockNumber(2));
    await state.unwind(BlockNumber(3));
    expect(state.tip().archive).to.equal(fixture.blocks[3]!.archive);
    expect(state.latest().hasNullifier(fixture.blocks[5]!.effects[0]!.nullifiers[0])).to.equal(false);
    await applyAll(state, fixture);
    expect(state.tip().archive).to.equal(fixture.tip.archive);
    try {
      await state.unwind(BlockNumber(1));
      expect.fail("unwound below the finalized block");
    } catch (error) {
      expect(error).to.be.instanceOf(WorldStateError).and.include({ code: WorldStateErrorCode.NOT_KEPT });
    }
  });

  it("a fork of a block that is unwound says so instead of reading other blocks' trees", async () => {
    const fixture = chain();
    const state = await open(fixture);
    await applyAll(state, fixture);
    const fork = state.forkAt(BlockNumber(5));
    const root = fork.archiveRoot();
    await state.unwind(BlockNumber(3));
    expect(() => fork.fork().archiveRoot())
      .to.throw()
      .with.property("code", WorldStateErrorCode.OUT_OF_STEP);
    await applyAll(state, fixture);
    expect(fork.fork().archiveRoot()).to.equal(root);
  });

  it("PEND-8: refuses a wrong block and stays as it was", async () => {
    const fixture = chain();
    const state = await open(fixture);
    await applyAll(state, fixture);
    const { block } = blockAt(fixture, 6);
    await state.unwind(BlockNumber(5));
    for (const wrong of [
      { ...block, archive: Field(1) },
      { ...block, effects: [] },
      { ...block, effects: fixture.blocks[2]!.effects },
    ]) {
      try {
        await state.apply(wrong, []);
        expect.fail("a wrong block was applied");
      } catch (error) {
        expect(error).to.be.instanceOf(WorldStateError).and.include({ code: WorldStateErrorCode.BLOCK_REJECTED });
      }
      expect(state.tip().archive).to.equal(fixture.blocks[5]!.archive);
    }
    try {
      await state.apply({ ...block, header: { ...block.header, number: BlockNumber(9) } }, []);
      expect.fail("a block was applied that does not come next");
    } catch (error) {
      expect(error).to.include({ code: WorldStateErrorCode.OUT_OF_STEP }).and.have.deep.property("payload", {});
    }
    await applyAll(state, fixture);
  });

  it("STATE-3: a crash at any write reopens at a block boundary and goes on", async () => {
    const fixture = chain();
    for (let writes = 0; writes < 8; writes++) {
      const store = new CrashingStore();
      store.writesLeft = writes;
      try {
        const state = await open(fixture, store);
        for (let number = 1; number < fixture.blocks.length; number++) {
          const { block, messages } = blockAt(fixture, number);
          await state.apply(block, messages);
          await state.finalize(block.header.number);
        }
      } catch (error) {
        expect((error as Error).message).to.equal("crash");
      }
      store.writesLeft = Number.POSITIVE_INFINITY;
      const reopened = await open(fixture, store);
      expect(reopened.tip().archive).to.equal(fixture.blocks[reopened.tip().number]!.archive);
      await applyAll(reopened, fixture);
      expect(reopened.tip().archive).to.equal(fixture.tip.archive);
    }
  });

  it("applies finalized blocks in bulk to the same trees, anchors included", async () => {
    const fixture = chain(9);
    const store = new CrashingStore();
    const bulk = await open(fixture, store);
    await bulk.applyFinalized([1, 2, 3, 4].map(number => blockAt(fixture, number)));
    await bulk.applyFinalized([5, 6, 7].map(number => blockAt(fixture, number)));
    await applyAll(bulk, fixture);
    expect(bulk.tip().archive).to.equal(fixture.tip.archive);
    const single = await open(fixture);
    await applyAll(single, fixture);
    for (const root of fixture.noteRoots.keys())
      expect(bulk.anchorBlock(root)).to.equal(single.anchorBlock(root)).and.equal(fixture.noteRoots.get(root));
    expect(bulk.referenceAt(BlockNumber(3))).to.equal(undefined);
    expect(bulk.referenceAt(BlockNumber(7))).to.deep.equal(single.referenceAt(BlockNumber(7)));
    const reopened = await open(fixture, store);
    expect(reopened.tip().number).to.equal(7);
    const wrong = blockAt(fixture, 8);
    try {
      await reopened.applyFinalized([{ ...wrong, messages: [Field(5)] }]);
      expect.fail("a wrong block was applied");
    } catch (error) {
      expect(error).to.be.instanceOf(WorldStateError).and.include({ code: WorldStateErrorCode.BLOCK_REJECTED });
    }
    await reopened.applyFinalized([wrong]);
  });

  it("takes over what was executed already, and lets blocks be built on it (PEND-9)", async () => {
    const fixture = chain(3);
    const state = await open(fixture);
    await applyAll(state, fixture);
    const fork = state.forkAt(BlockNumber(3));
    const built = fixture.mine([]);
    fork.messages.append(new Uint8Array(16 * 32));
    fork.appendArchive({
      headerHash: built.block.headerHash,
      stateHash: built.block.header.stateHash,
      number: 4,
      slot: built.block.header.slot,
    });
    state.keep(built.block, fork);
    expect(state.forkOn(built.block.archive)?.archiveRoot()).to.equal(built.block.archive);
    expect(state.forkOn(Field(1))).to.equal(undefined);
    // L1 is read again from below: what was executed on top does not stand while its parent is gone.
    await state.unwind(BlockNumber(2));
    expect(state.forkOn(built.block.archive)).to.equal(undefined);
    const third = blockAt(fixture, 3);
    await state.apply(third.block, third.messages);
    expect(state.forkOn(built.block.archive)?.archiveRoot()).to.equal(built.block.archive);
    await state.apply(built.block, []);
    expect(fieldFromBytes(state.forkAt(BlockNumber(4)).archive.root())).to.equal(built.block.archive);
  });

  it("refuses a deployment whose genesis is not its own", async () => {
    const fixture = chain(1);
    try {
      await WorldState.open(
        { store: new CrashingStore(), hasher: jsFieldHasher, logger: silent },
        { genesis: { ...fixture.blocks[0]!, archive: Field(1) }, prefix: new Uint8Array() },
      );
      expect.fail("opened");
    } catch (error) {
      expect(error).to.be.instanceOf(WorldStateError).and.include({ code: WorldStateErrorCode.WRONG_GENESIS });
    }
  });
});
