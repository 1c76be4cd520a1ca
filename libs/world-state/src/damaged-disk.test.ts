import { codeOf, Field } from "@sprtn/primitives";
import { CallKind } from "@sprtn/protocol";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { FakeKvStore, MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { CachingHasher } from "./test/caching-hasher.js";
import { WorldState, WorldStateErrorCode } from "./index.js";

const alice = Field(101);
const bob = Field(102);
const hasher = new CachingHasher();
const FINALIZED = 4;

describe("a disk that changes what it holds", () => {
  const fixture = new ChainFixture();
  const message = fixture.message(alice, 10n ** 12n);
  fixture.mine([fixture.deposit(message, { recipient: alice, amount: 10n ** 12n })]);
  for (let amount = 1n; amount <= FINALIZED; amount++)
    fixture.mine([
      fixture.tx({ kind: CallKind.TRANSFER, target: bob, amount }, { sender: alice, payer: alice, priority: 1n }),
    ]);
  const [genesis] = fixture.blocks;
  const at = (number: number) => ({ block: fixture.blocks[number]!, messages: fixture.messages.get(number) ?? [] });
  const openOn = (store: FakeKvStore) =>
    WorldState.open({ store, hasher, logger: new MemoryLogger() }, { genesis: genesis!, prefix: Uint8Array.of(9) });

  /** What is on disk once the first blocks are final. */
  async function finalized(): Promise<FakeKvStore> {
    const store = new FakeKvStore();
    const state = await openOn(store);
    await state.applyFinalized(Array.from({ length: FINALIZED }, (_, i) => at(i + 1)));
    return store;
  }

  const copyOf = async (entries: readonly (readonly [Uint8Array, Uint8Array])[]) => {
    const copy = new FakeKvStore();
    await copy.write(entries.map(([key, value]) => ({ type: "put", key, value })));
    return copy;
  };

  /** The code of what applying the next block threw, or undefined. */
  async function outcome(store: FakeKvStore): Promise<string | undefined> {
    const { block, messages } = at(FINALIZED + 1);
    try {
      await (await openOn(store)).apply(block, messages);
      return undefined;
    } catch (error) {
      return codeOf(error);
    }
  }

  it("blames no block for it, whichever of its words is another", async function () {
    const entries: (readonly [Uint8Array, Uint8Array])[] = [];
    for await (const [key, value] of (await finalized()).entries({})) entries.push([key, value]);
    const outcomes: Record<string, number> = {};
    for (const [place, [key, value]] of entries.entries())
      for (let word = 0; word < value.length; word += 32) {
        if (value.subarray(word, word + 32).every(byte => byte === 0)) continue;
        const damaged = value.slice();
        damaged[Math.min(word + 31, value.length - 1)]! ^= 1;
        const code = await outcome(await copyOf(entries.with(place, [key, damaged])));
        outcomes[code ?? "applied"] = (outcomes[code ?? "applied"] ?? 0) + 1;
      }
    expect(outcomes).not.to.have.property(WorldStateErrorCode.BLOCK_REJECTED);
    expect(outcomes["TREE_CORRUPT_STORE"]).to.be.above(0);
    expect(outcomes["applied"], "what the block does not need").to.be.above(0);
  });

  it("blames a block that is wrong", async () => {
    const store = await finalized();
    const { block, messages } = at(FINALIZED + 1);
    const wrong = { ...block, effects: [...block.effects, ...block.effects] };
    const error = await (await openOn(store)).apply(wrong, messages).catch((thrown: unknown) => thrown);
    expect(codeOf(error)).to.equal(WorldStateErrorCode.BLOCK_REJECTED);
  });
});
