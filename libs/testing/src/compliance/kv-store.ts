import type { KvOperation, KvRange, KvStore } from "@sprtn/ports";
import { toHex } from "@sprtn/primitives";
import { expect } from "chai";

const key = (...bytes: number[]) => Uint8Array.from(bytes);
const put = (at: Uint8Array, ...value: number[]): KvOperation => ({
  type: "put",
  key: at,
  value: Uint8Array.from(value),
});
const del = (at: Uint8Array): KvOperation => ({ type: "del", key: at });

async function keysOf(store: KvStore, range?: KvRange): Promise<string[]> {
  const keys: string[] = [];
  for await (const [at] of store.entries(range)) keys.push(toHex(at));
  return keys;
}

async function codeOfFailure(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
  return "no error";
}

/**
 * Declares the mocha tests that every KvStore passes. `open` makes an empty store; `closedCode` is the code of a use
 * after close.
 */
export function kvStoreCompliance(name: string, open: () => Promise<KvStore>, closedCode = "STORAGE_CLOSED"): void {
  describe(`${name} is a KvStore`, () => {
    let store: KvStore;

    beforeEach(async () => {
      store = await open();
    });

    afterEach(async () => {
      await store.close();
    });

    it("gives back what was put, also an empty value under an empty key, and nothing for what was not", async () => {
      await store.write([put(key(), 9), put(key(1)), put(key(1, 0), 2, 3)]);
      expect([store.get(key()), store.get(key(1)), store.get(key(1, 0)), store.get(key(2))]).to.deep.equal([
        key(9),
        key(),
        key(2, 3),
        undefined,
      ]);
      expect(store.getMany([key(2), key(1, 0), key()])).to.deep.equal([undefined, key(2, 3), key(9)]);
    });

    it("orders keys bytewise, the shorter first", async () => {
      await store.write([
        put(key(255)),
        put(key(0, 1)),
        put(key(128)),
        put(key(127, 255)),
        put(key(0)),
        put(key(0, 0)),
        put(key(127)),
      ]);
      expect(await keysOf(store)).to.deep.equal(["0x00", "0x0000", "0x0001", "0x7f", "0x7fff", "0x80", "0xff"]);
    });

    it("ranges include their start and not their end", async () => {
      await store.write([1, 2, 3, 4, 5].map(byte => put(key(byte))));
      expect(await keysOf(store, { gte: key(2), lt: key(4) })).to.deep.equal(["0x02", "0x03"]);
      expect(await keysOf(store, { gte: key(2, 0) })).to.deep.equal(["0x03", "0x04", "0x05"]);
      expect(await keysOf(store, { lt: key(2, 0) })).to.deep.equal(["0x01", "0x02"]);
      expect(await keysOf(store, { gte: key(4), lt: key(2) })).to.deep.equal([]);
    });

    it("reverse and limit take the last ones of the range, last first", async () => {
      await store.write([1, 2, 3, 4, 5].map(byte => put(key(byte))));
      expect(await keysOf(store, { reverse: true })).to.deep.equal(["0x05", "0x04", "0x03", "0x02", "0x01"]);
      expect(await keysOf(store, { gte: key(2), lt: key(5), reverse: true, limit: 2 })).to.deep.equal(["0x04", "0x03"]);
      expect(await keysOf(store, { gte: key(2), limit: 2 })).to.deep.equal(["0x02", "0x03"]);
      expect(await keysOf(store, { limit: 0 })).to.deep.equal([]);
      expect((await keysOf(store, { limit: 100 })).length).to.equal(5);
    });

    it("writes in order within a batch, deletes what is there and what is not", async () => {
      await store.write([put(key(1), 1), put(key(1), 2), put(key(2), 1), del(key(2)), del(key(3))]);
      expect(store.getMany([key(1), key(2), key(3)])).to.deep.equal([key(2), undefined, undefined]);
      await store.write([del(key(1)), put(key(1), 5)], { sync: true });
      expect(store.get(key(1))).to.deep.equal(key(5));
      await store.write([]);
    });

    it("iterates over a thousand entries in pieces, and may stop early", async () => {
      await store.write(Array.from({ length: 1200 }, (_, i) => put(key(i >> 8, i & 255), i & 255)));
      let count = 0;
      for await (const [at, value] of store.entries())
        expect([at, value]).to.deep.equal([key(count >> 8, count & 255), key(count++ & 255)]);
      expect(count).to.equal(1200);
      for await (const _ of store.entries()) if (--count === 1100) break;
      expect(count).to.equal(1100);
    });

    it("entries are those of the moment of the call, whatever is written meanwhile", async () => {
      await store.write([put(key(1), 1), put(key(2), 1)]);
      const entries = store.entries();
      await store.write([del(key(1)), put(key(2), 2), put(key(3), 2)]);
      const seen: unknown[] = [];
      for await (const entry of entries) seen.push(entry);
      expect(seen).to.deep.equal([
        [key(1), key(1)],
        [key(2), key(1)],
      ]);
    });

    it("keeps its own copies of what goes in and out", async () => {
      const [at, value] = [key(1), key(7)];
      await store.write([{ type: "put", key: at, value }]);
      at[0] = 9;
      value[0] = 9;
      store.get(key(1))?.fill(9);
      for await (const entry of store.entries()) entry[1].fill(9);
      expect(store.get(key(1))).to.deep.equal(key(7));
    });

    it("takes writes side by side", async () => {
      await Promise.all(Array.from({ length: 50 }, (_, i) => store.write([put(key(i), i), put(key(200), i)])));
      expect((await keysOf(store)).length).to.equal(51);
    });

    it("closes twice; what comes after that is a coded error", async () => {
      await store.write([put(key(1), 1), put(key(2), 1)]);
      const iterator = store.entries()[Symbol.asyncIterator]();
      await iterator.next();
      await store.close();
      await store.close();
      const uses = [
        () => store.get(key(1)),
        () => store.getMany([key(1)]),
        () => store.write([put(key(1), 1)]),
        () => keysOf(store),
      ];
      for (const use of uses) expect(await codeOfFailure(use)).to.equal(closedCode);
    });
  });
}
