import { kvStoreCompliance } from "@sprtn/testing/compliance";
import type { KvStore } from "@sprtn/ports";
import { expect } from "chai";
import * as fc from "fast-check";
import { MemoryKvStore, SlicedKvStore } from "./index.js";

const sliceOf = (store: MemoryKvStore, ...prefix: number[]) =>
  new SlicedKvStore({ store }, { prefix: Uint8Array.from(prefix) });

async function entriesOf(store: KvStore) {
  const entries = [];
  for await (const entry of store.entries()) entries.push(entry);
  return entries;
}

kvStoreCompliance("SlicedKvStore", async () => sliceOf(new MemoryKvStore(), 0, 7));
kvStoreCompliance("SlicedKvStore at the end of its store", async () => sliceOf(new MemoryKvStore(), 255, 255));

describe("slices of one store", () => {
  it("hold each its own", async () => {
    const prefixes = [[0], [1, 254], [1, 255], [2], [255, 255]];
    const bytes = fc.uint8Array({ maxLength: 2 });
    const write = fc.tuple(fc.nat(prefixes.length - 1), bytes, fc.uint8Array({ minLength: 1, maxLength: 1 }));
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 12 }), async writes => {
        const store = new MemoryKvStore();
        const slices = prefixes.map(prefix => ({ slice: sliceOf(store, ...prefix), alone: new MemoryKvStore() }));
        for (const [place, key, value] of writes)
          for (const one of Object.values(slices[place]!)) await one.write([{ type: "put", key, value }]);
        for (const { slice, alone } of slices) expect(await entriesOf(slice)).to.deep.equal(await entriesOf(alone));
      }),
    );
  });

  it("leave their store open", async () => {
    const store = new MemoryKvStore();
    await sliceOf(store, 1).close();
    await sliceOf(store, 1).write([{ type: "put", key: Uint8Array.of(1), value: Uint8Array.of(2) }]);
    expect(store.get(Uint8Array.of(1, 1))).to.deep.equal(Uint8Array.of(2));
  });
});
