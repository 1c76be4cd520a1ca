import { expect } from "chai";
import { CodedError, Field } from "@sprtn/primitives";
import type { BlockToApply, StateStore } from "@sprtn/ports";
import type { L2Block, TxEffect } from "@sprtn/protocol";
import { buildEffect } from "../build-effect.js";

/** A block's content, before its hashes are known. */
export interface BlockContent {
  readonly effects: readonly TxEffect[];
  readonly messages: readonly Field[];
}

/** An implementation's empty store, and what the suite does around it: it makes valid blocks, and crashes. */
export interface OpenStateStore {
  /** Empty: at genesis. */
  readonly store: StateStore;
  /**
   * The block with this content that comes after `chain` (blocks 1, 2, …): header with right stateHash, archive. Must
   * not touch the store.
   */
  seal(chain: readonly BlockToApply[], content: BlockContent): Promise<L2Block>;
  /** The store as a process finds it after the one before was killed. */
  crash(): Promise<StateStore>;
  close(): Promise<void>;
}

async function applyAll(store: StateStore, blocks: readonly BlockToApply[]): Promise<void> {
  for (const { block, messages } of blocks) await store.apply(block, messages);
}

function expectAt(store: StateStore, chain: readonly BlockToApply[]): void {
  const last = chain.at(-1);
  expect(store.tip().number).to.equal(chain.length);
  if (last) expect(store.tip().archive).to.equal(last.block.archive);
}

async function rejectionOf(promise: Promise<void>): Promise<unknown> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error, "nothing was thrown").to.be.instanceOf(CodedError);
  return (error as CodedError<string, { rejected?: unknown }>).payload.rejected;
}

/** Tests that every implementation of StateStore passes. Runs under mocha. */
export function stateStoreCompliance(name: string, open: () => Promise<OpenStateStore>): void {
  describe(`${name} complies with StateStore`, () => {
    let opened: OpenStateStore;
    let salt: number;

    beforeEach(async () => {
      opened = await open();
      salt = 0;
    });

    afterEach(() => opened.close());

    /** `count` blocks on top of `chain`, which stays as it is. */
    async function extend(chain: readonly BlockToApply[], count: number, txs = 2): Promise<BlockToApply[]> {
      const longer = [...chain];
      for (let i = 0; i < count; i++) {
        const messages = Array.from({ length: i % 3 }, () => Field(1000 + ++salt));
        const block = await opened.seal(longer, {
          effects: Array.from({ length: txs }, () => buildEffect(++salt)),
          messages,
        });
        longer.push({ block, messages });
      }
      return longer;
    }

    it("starts at genesis", () => {
      expectAt(opened.store, []);
      expect(opened.store.oldest()).to.equal(0);
    });

    it("applies blocks with and without transactions and messages", async () => {
      const chain = await extend(await extend([], 3), 1, 0);
      await applyAll(opened.store, chain);
      expectAt(opened.store, chain);
      expect(opened.store.oldest()).to.equal(0);
    });

    const faults: readonly { readonly what: string; readonly spoil: (right: BlockToApply) => BlockToApply }[] = [
      {
        what: "another stateHash",
        spoil: ({ block, messages }) => ({
          block: { ...block, header: { ...block.header, stateHash: Field(5) } },
          messages,
        }),
      },
      {
        what: "another archive",
        spoil: ({ block, messages }) => ({ block: { ...block, archive: Field(5) }, messages }),
      },
      {
        what: "another effect",
        spoil: ({ block, messages }) => ({
          block: { ...block, effects: [buildEffect(999), ...block.effects.slice(1)] },
          messages,
        }),
      },
      { what: "another message", spoil: ({ block }) => ({ block, messages: [Field(5)] }) },
    ];
    for (const { what, spoil } of faults) {
      it(`PEND-8: refuses a block with ${what}, and nothing has changed`, async () => {
        const chain = await extend([], 3);
        const [first, second, third] = chain as [BlockToApply, BlockToApply, BlockToApply];
        await applyAll(opened.store, [first]);
        const wrong = spoil(second);
        expect(await rejectionOf(opened.store.apply(wrong.block, wrong.messages))).to.equal(2);
        expectAt(opened.store, [first]);
        await applyAll(opened.store, [second, third]);
        expectAt(opened.store, chain);
      });

      it(`PEND-8: refuses several finalized blocks whose last has ${what}, and nothing has changed`, async () => {
        const chain = await extend([], 3);
        const [first, second, third] = chain as [BlockToApply, BlockToApply, BlockToApply];
        expect(await rejectionOf(opened.store.applyFinalized([first, second, spoil(third)]))).to.equal(3);
        expectAt(opened.store, []);
        await opened.store.applyFinalized(chain);
        expectAt(opened.store, chain);
      });
    }

    it("refuses a nullifier that is there already, in the state or in the block", async () => {
      const chain = await extend([], 2);
      await applyAll(opened.store, chain);
      const spent = (chain[0] as BlockToApply).block.effects[0] as TxEffect;
      const next = (await extend(chain, 1)).at(-1) as BlockToApply;
      for (const effects of [
        [{ ...buildEffect(500), nullifiers: spent.nullifiers }],
        [buildEffect(501), { ...buildEffect(502), nullifiers: buildEffect(501).nullifiers }],
      ]) {
        expect(await rejectionOf(opened.store.apply({ ...next.block, effects }, next.messages))).to.equal(3);
      }
      expectAt(opened.store, chain);
    });

    it("takes no block that does not come next, and does not call it wrong", async () => {
      const chain = await extend([], 3);
      await applyAll(opened.store, chain.slice(0, 1));
      const third = chain[2] as BlockToApply;
      expect(await rejectionOf(opened.store.apply(third.block, third.messages))).to.equal(undefined);
      expect(await rejectionOf(opened.store.applyFinalized([third]))).to.equal(undefined);
      expectAt(opened.store, chain.slice(0, 1));
    });

    it("unwinds to any block that is not finalized, and takes another branch", async () => {
      for (let to = 0; to <= 4; to++) {
        await opened.close();
        opened = await open();
        const chain = await extend([], 4);
        await applyAll(opened.store, chain);
        await opened.store.unwind((to + opened.store.oldest()) as ReturnType<StateStore["oldest"]>);
        expectAt(opened.store, chain.slice(0, to));
        const branch = await extend(chain.slice(0, to), 3);
        await applyAll(opened.store, branch.slice(to));
        expectAt(opened.store, branch);
      }
    });

    it("takes the same blocks again after unwinding them", async () => {
      const chain = await extend([], 4);
      await applyAll(opened.store, chain);
      await opened.store.unwind((chain[0] as BlockToApply).block.header.number);
      await applyAll(opened.store, chain.slice(1));
      expectAt(opened.store, chain);
    });

    it("keeps what is finalized, across a crash; forgets at most what is not", async () => {
      const chain = await extend([], 5);
      await applyAll(opened.store, chain);
      await opened.store.finalize((chain[2] as BlockToApply).block.header.number);
      expectAt(opened.store, chain);
      expect(opened.store.oldest()).to.be.at.most(3);
      const reopened = await opened.crash();
      expect(reopened.tip().number).to.be.within(3, 5);
      await applyAll(reopened, chain.slice(reopened.tip().number));
      expectAt(reopened, chain);
    });

    it("is at a block that can be returned to after a crash without anything finalized", async () => {
      const chain = await extend([], 3);
      await applyAll(opened.store, chain);
      const reopened = await opened.crash();
      expect(reopened.oldest()).to.be.at.most(reopened.tip().number);
      await applyAll(reopened, chain.slice(reopened.tip().number));
      expectAt(reopened, chain);
    });

    it("does nothing when finalizing again or lower", async () => {
      const chain = await extend([], 3);
      await applyAll(opened.store, chain);
      const two = (chain[1] as BlockToApply).block.header.number;
      await opened.store.finalize(two);
      await opened.store.finalize(two);
      await opened.store.finalize((chain[0] as BlockToApply).block.header.number);
      expectAt(opened.store, chain);
      await opened.store.unwind(two);
      expectAt(opened.store, chain.slice(0, 2));
    });

    it("applies finalized blocks in bulk, ends in the same state, and goes on one by one", async () => {
      const chain = await extend([], 6);
      await applyAll(opened.store, chain.slice(0, 1));
      await opened.store.finalize((chain[0] as BlockToApply).block.header.number);
      await opened.store.applyFinalized(chain.slice(1, 3));
      expectAt(opened.store, chain.slice(0, 3));
      await opened.store.applyFinalized(chain.slice(3, 5));
      await opened.store.finalize((chain[4] as BlockToApply).block.header.number);
      await applyAll(opened.store, chain.slice(5));
      expectAt(opened.store, chain);
      const reopened = await opened.crash();
      expect(reopened.tip().number).to.be.within(5, 6);
      await applyAll(reopened, chain.slice(reopened.tip().number));
      expectAt(reopened, chain);
    });
  });
}
