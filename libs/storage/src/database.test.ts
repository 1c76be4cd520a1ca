import {
  BlockNumber,
  bytes32Codec,
  Bytes32,
  bytesCodec,
  type Codec,
  u32Codec,
  uintCodec,
  utf8Codec,
} from "@sprtn/primitives";
import type { KvOperation, KvStore } from "@sprtn/ports";
import { expect } from "chai";
import { Bucket, type DatabaseOptions, MemoryKvStore, type Migration, openDatabase } from "./index.js";

const blocks = { bucket: 1, key: u32Codec(BlockNumber), value: utf8Codec };
const hashes = { bucket: 2, key: bytes32Codec, value: uintCodec(8) };
const hash = (byte: string) => Bytes32(`0x${byte.repeat(32)}`);
const base = { schemaVersion: 1, deployment: "31337:0xaa" };
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("no error"),
    (error: unknown) => error,
  );

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("Database", () => {
  it("writes records of several repositories in one batch and keeps them apart", async () => {
    const store = new MemoryKvStore();
    const database = await openDatabase({ ...base, store });
    const byNumber = database.repository(blocks);
    const byHash = database.repository(hashes);
    const last = database.repository({ bucket: 255, key: bytesCodec, value: bytesCodec });
    const numbers = [1, 2, 3, 300].map(BlockNumber);
    await database.write(
      [
        ...numbers.map(n => byNumber.put(n, `block ${n}`)),
        byHash.put(hash("ab"), 3n),
        last.put(Uint8Array.of(255), Uint8Array.of(1)),
      ],
      { sync: true },
    );
    expect(byNumber.getMany([BlockNumber(300), BlockNumber(4)])).to.deep.equal(["block 300", undefined]);
    expect([byHash.get(hash("ab")), byHash.has(hash("cd")), byNumber.has(BlockNumber(1))]).to.deep.equal([
      3n,
      false,
      true,
    ]);
    expect((await collect(byNumber.entries())).map(([n]) => n)).to.deep.equal(numbers);
    expect(await collect(byNumber.entries({ reverse: true, limit: 1 }))).to.deep.equal([[300, "block 300"]]);
    expect(await collect(byNumber.entries({ gte: BlockNumber(2), lt: BlockNumber(300) }))).to.deep.equal([
      [2, "block 2"],
      [3, "block 3"],
    ]);
    expect(await collect(last.entries())).to.deep.equal([[Uint8Array.of(255), Uint8Array.of(1)]]);
    await database.write([...(await byNumber.delRange({ gte: BlockNumber(2) })), byHash.del(hash("ab"))]);
    expect((await collect(byNumber.entries())).map(([n]) => n)).to.deep.equal([1]);
    expect(byHash.get(hash("ab"))).to.equal(undefined);
    await database.close();
  });

  it("gives each bucket once, and only the real ones", async () => {
    const database = await openDatabase({ ...base, store: new MemoryKvStore() });
    database.repository(blocks);
    expect(() => database.repository({ ...hashes, bucket: 1 }))
      .to.throw("1 to 255")
      .with.property("code", "STORAGE_BAD_BUCKET");
    for (const bucket of [0, 256, -1, 1.5])
      expect(() => database.repository({ ...hashes, bucket })).to.throw("1 to 255");
    database.repository({ ...hashes, bucket: 255 });
  });

  it("says when a record does not decode", async () => {
    const store = new MemoryKvStore();
    const database = await openDatabase({ ...base, store });
    const strict: Codec<bigint> = uintCodec(8);
    const byHash = database.repository({ ...hashes, value: strict });
    await store.write([{ type: "put", key: new Bucket(2).key(new Uint8Array(32)), value: new Uint8Array(7) }]);
    expect(() => byHash.get(hash("00")))
      .to.throw()
      .with.property("code", "STORAGE_BAD_RECORD");
    expect(await failure(collect(byHash.entries()))).to.include({ code: "STORAGE_BAD_RECORD" });
  });
});

/** Renames block records step by step: version v holds "…v". */
const steps: Migration[] = [2, 3, 4].map(to => ({
  to,
  async operations(store) {
    const operations: KvOperation[] = [];
    for await (const [key, value] of store.entries(new Bucket(1).range({})))
      operations.push({ type: "put", key, value: utf8Codec.encode(`${utf8Codec.decode(value)}${to}`) });
    return operations;
  },
}));

async function storeAtVersion1(): Promise<MemoryKvStore> {
  const store = new MemoryKvStore();
  const database = await openDatabase({ ...base, store });
  const byNumber = database.repository(blocks);
  await database.write([byNumber.put(BlockNumber(1), "a"), byNumber.put(BlockNumber(2), "b")]);
  return store;
}

const valuesOf = async (options: DatabaseOptions) =>
  (await collect((await openDatabase(options)).repository(blocks).entries())).map(([, value]) => value);

describe("openDatabase", () => {
  it("refuses the data of another deployment and of a newer schema", async () => {
    const store = await storeAtVersion1();
    const other = await failure(openDatabase({ ...base, store, deployment: "1:0xbb" }));
    expect(other).to.include({ code: "STORAGE_OTHER_DEPLOYMENT" });
    expect(await failure(openDatabase({ ...base, store, schemaVersion: 0 }))).to.include({
      code: "STORAGE_NEWER_SCHEMA",
    });
    expect(await valuesOf({ ...base, store })).to.deep.equal(["a", "b"]);
  });

  it("refuses data that is not its own, and a damaged record", async () => {
    const store = new MemoryKvStore();
    await store.write([{ type: "put", key: Uint8Array.of(7), value: Uint8Array.of(7) }]);
    expect(await failure(openDatabase({ ...base, store }))).to.include({ code: "STORAGE_FOREIGN_DATA" });
    await store.write([{ type: "put", key: new Bucket(0).key(utf8Codec.encode("schema")), value: Uint8Array.of(7) }]);
    expect(await failure(openDatabase({ ...base, store }))).to.include({ code: "STORAGE_BAD_RECORD" });
  });

  it("migrates step by step, whatever the order of the list", async () => {
    const store = await storeAtVersion1();
    const made: string[] = [];
    const options = {
      ...base,
      store,
      schemaVersion: 4,
      migrations: steps.toReversed(),
      onMigrated: ({ from, to }: { from: number; to: number }) => made.push(`${from}-${to}`),
    };
    expect(await valuesOf(options)).to.deep.equal(["a234", "b234"]);
    expect(await valuesOf(options)).to.deep.equal(["a234", "b234"]);
    expect(made).to.deep.equal(["1-2", "2-3", "3-4"]);
  });

  it("says which step is missing, and keeps what the others did", async () => {
    const store = await storeAtVersion1();
    expect(
      await failure(
        openDatabase({ ...base, store, schemaVersion: 4, migrations: [steps[0] as Migration, steps[2] as Migration] }),
      ),
    ).to.include({ code: "STORAGE_NO_MIGRATION" });
    expect(await valuesOf({ ...base, store, schemaVersion: 4, migrations: steps })).to.deep.equal(["a234", "b234"]);
  });

  it("survives a crash at any write", async () => {
    for (const failing of [1, 2, 3]) {
      const inner = await storeAtVersion1();
      expect(
        String(
          await failure(openDatabase({ ...base, store: failAt(inner, failing), schemaVersion: 4, migrations: steps })),
        ),
      ).to.equal("Error: power cut");
      expect(
        await valuesOf({ ...base, store: inner, schemaVersion: 4, migrations: steps }),
        `crash at write ${failing}`,
      ).to.deep.equal(["a234", "b234"]);
    }
    const empty = new MemoryKvStore();
    expect(String(await failure(openDatabase({ ...base, store: failAt(empty, 1) })))).to.equal("Error: power cut");
    expect(await valuesOf({ ...base, store: empty })).to.deep.equal([]);
  });
});

/** `inner`, but its n-th write and all later ones fail. */
function failAt(inner: KvStore, n: number): KvStore {
  let writes = 0;
  return {
    get: key => inner.get(key),
    getMany: keys => inner.getMany(keys),
    entries: range => inner.entries(range),
    close: () => inner.close(),
    write: (operations, options) =>
      ++writes >= n ? Promise.reject(new Error("power cut")) : inner.write(operations, options),
  };
}
