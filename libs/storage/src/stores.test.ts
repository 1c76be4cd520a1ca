import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bytesToUint } from "@sprtn/primitives";
import { kvStoreCompliance } from "@sprtn/testing/compliance";
import { expect } from "chai";
import { Level } from "level";
import * as fc from "fast-check";
import { LevelKvStore, MemoryKvStore, MirroredKvStore, openStore, StorageError } from "./index.js";
import { levelFailure } from "./level-failure.js";
import { temporaryDirectory } from "./test/temporary-directory.js";

kvStoreCompliance("MemoryKvStore", async () => new MemoryKvStore());
kvStoreCompliance("MirroredKvStore", () => MirroredKvStore.open(temporaryDirectory()));
kvStoreCompliance("LevelKvStore", () => LevelKvStore.open(temporaryDirectory()));

const failure = async (promise: Promise<unknown>): Promise<StorageError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof StorageError ? error : expect.fail(`no StorageError: ${String(error)}`);
};

describe("MemoryKvStore and LevelKvStore", () => {
  it("answer alike", async () => {
    const bytes = fc.uint8Array({ maxLength: 3, max: 3 });
    const operation = fc.record({
      type: fc.constantFrom("put" as const, "put" as const, "del" as const),
      key: bytes,
      value: bytes,
    });
    const optional = { gte: bytes, lt: bytes, reverse: fc.boolean(), limit: fc.nat(5) };
    const range = fc.record(optional, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(operation, { maxLength: 6 }), { maxLength: 6 }),
        fc.array(range, { minLength: 1, maxLength: 5 }),
        async (batches, ranges) => {
          const stores = [new MemoryKvStore(), await LevelKvStore.open(temporaryDirectory())];
          const answers = await Promise.all(
            stores.map(async store => {
              for (const batch of batches) await store.write(batch);
              const found: unknown[] = [];
              for (const wanted of ranges) for await (const entry of store.entries(wanted)) found.push(entry);
              await store.close();
              return found;
            }),
          );
          expect(answers[0]).to.deep.equal(answers[1]);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe("MirroredKvStore", () => {
  it("is open once only, keeps what was written, and takes from the database what a failed write left", async () => {
    const path = temporaryDirectory();
    const store = await MirroredKvStore.open(path);
    expect((await failure(MirroredKvStore.open(path))).code).to.equal("STORAGE_LOCKED");
    const [one, two, three] = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)] as const;
    await store.write([{ type: "put", key: one, value: two }]);
    const { batch } = Level.prototype;
    const failsWith = async (fails: (this: Level, ...parameters: unknown[]) => Promise<never>) => {
      Object.assign(Level.prototype, { batch: fails });
      try {
        const error = await failure(store.write([{ type: "put", key: one, value: three }]));
        expect(error.code).to.equal("STORAGE_IO");
      } finally {
        Object.assign(Level.prototype, { batch });
      }
    };
    await failsWith(async () => {
      throw new RangeError("nothing is written");
    });
    expect(store.get(one)).to.deep.equal(two);
    await failsWith(async function (this: Level, ...parameters: unknown[]) {
      await Reflect.apply(batch, this, parameters);
      throw new RangeError("and yet it is written");
    });
    expect(store.get(one)).to.deep.equal(three);
    await store.close();
    const again = await MirroredKvStore.open(path);
    expect(again.get(one)).to.deep.equal(three);
    await again.close();
  });
});

describe("LevelKvStore", () => {
  it("keeps what was written", async () => {
    const path = temporaryDirectory();
    const first = await LevelKvStore.open(path);
    await first.write([{ type: "put", key: Uint8Array.of(1), value: Uint8Array.of(2) }]);
    await first.close();
    const second = await openStore(
      { dataDirectory: join(path, ".."), cacheMb: 1 },
      path.slice(path.lastIndexOf("/") + 1),
    );
    expect(second.get(Uint8Array.of(1))).to.deep.equal(Uint8Array.of(2));
    await second.close();
    expect(await openStore({ dataDirectory: undefined, cacheMb: 1 }, "x")).to.be.instanceOf(MemoryKvStore);
  });

  it("is open once only", async () => {
    const path = temporaryDirectory();
    const store = await LevelKvStore.open(path);
    const error = await failure(LevelKvStore.open(path));
    expect(error.code).to.equal("STORAGE_LOCKED");
    await store.close();
    await (await LevelKvStore.open(path)).close();
  });

  it("says when its files are damaged or its path is a file", async () => {
    const path = temporaryDirectory();
    await (await LevelKvStore.open(path)).close();
    for (const current of ["garbage", "MANIFEST-999999\n"]) {
      writeFileSync(join(path, "CURRENT"), current);
      const error = await failure(LevelKvStore.open(path));
      expect([error.code, error.payload]).to.deep.equal(["STORAGE_CORRUPT", { path }]);
      expect(error.message).to.contain("delete that directory and sync again");
    }
    for (const below of ["CURRENT", "CURRENT/x"])
      expect((await failure(LevelKvStore.open(join(path, below)))).code).to.equal("STORAGE_NOT_WRITABLE");
  });

  it("says when no directory can be made, rather than nothing", async () => {
    // In /proc no system makes one; Node waits for ever if it is told to make what is missing above it too.
    const error = await failure(LevelKvStore.open("/proc/sprtn-test/state"));
    expect(error.code).to.equal("STORAGE_NOT_WRITABLE");
    expect(error.message).to.contain("/proc/sprtn-test/state").and.to.contain("DATA_DIRECTORY");
  });

  it("says when any byte of its files has changed since it was closed", async () => {
    const path = temporaryDirectory();
    const puts = (from: number) =>
      Array.from({ length: 50 }, (_, i) => ({
        type: "put" as const,
        key: Uint8Array.of(from, i),
        value: new Uint8Array(20).fill(i),
      }));
    const first = await LevelKvStore.open(path);
    await first.write(puts(1));
    await first.close();
    // What was in the log is a table now.
    const second = await LevelKvStore.open(path);
    await second.write(puts(2));
    await second.close();
    const files = readdirSync(path).filter(name => !name.startsWith("LO"));
    expect(files.map(name => name.replace(/^.*[.-]/, "")).toSorted()).to.include.members([
      "CURRENT",
      "json",
      "ldb",
      "log",
    ]);
    for (const name of files) {
      const file = join(path, name);
      const bytes = readFileSync(file);
      for (let at = 0; at < bytes.length; at += Math.max(1, bytes.length >> 5)) {
        const changed = Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 0x10 : byte));
        writeFileSync(file, changed);
        expect((await failure(LevelKvStore.open(path))).code, `${name} at ${at}`).to.equal("STORAGE_CORRUPT");
      }
      writeFileSync(file, bytes);
    }
    const third = await LevelKvStore.open(path);
    expect(third.get(Uint8Array.of(1, 7))?.[0]).to.equal(7);
    // Closed for the second time, an older store says nothing of one that is open.
    await second.close();
    expect(readdirSync(path)).not.to.include("checksums.json");
    await third.close();
  });

  it("tells a full disk and a forbidden one from other failures", () => {
    const cases = [
      ["IO error: /d/000005.log: No space left on device", "STORAGE_DISK_FULL"],
      ["ENOSPC: no space left on device, mkdir '/d'", "STORAGE_DISK_FULL"],
      ["IO error: /d/LOCK: Permission denied", "STORAGE_NOT_WRITABLE"],
      ["EROFS: read-only file system, mkdir '/d'", "STORAGE_NOT_WRITABLE"],
      ["IO error: /d/000005.ldb: Input/output error", "STORAGE_IO"],
    ] as const;
    for (const [text, code] of cases) {
      const error = levelFailure(new Error("Database failed to open", { cause: new Error(text) }), "/d");
      expect([error.code, error.message.includes("/d")], text).to.deep.equal([code, true]);
    }
  });

  it("reopens at the end of a batch after kill -9", async function () {
    const path = temporaryDirectory();
    let last = 0;
    for (const lines of [1, 40, 150]) {
      const child = spawn(
        process.execPath,
        [fileURLToPath(new URL("test/batch-writer.js", import.meta.url)), path, String(last + 1)],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      const exited = once(child, "exit");
      let acknowledged = last;
      let seen = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged = Number(line);
        if (++seen === lines) child.kill("SIGKILL");
      }
      await exited;
      expect(seen).to.be.at.least(lines);
      const store = await LevelKvStore.open(path);
      const values = new Set<bigint>();
      let records = 0;
      for await (const [, value] of store.entries()) {
        values.add(bytesToUint(value.subarray(0, 4)));
        records++;
      }
      await store.close();
      expect([records, values.size]).to.deep.equal([50, 1]);
      last = Number([...values][0]);
      expect(last).to.be.at.least(acknowledged);
    }
    expect(readdirSync(path).length).to.be.above(3);
  });
});
