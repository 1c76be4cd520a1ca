// A program for the test of a full disk, on its own small file system:
//   node full-disk.js fill DIRECTORY   writes until the disk is full, continues once there is room, and kills itself
//   node full-disk.js check DIRECTORY  prints what is there after that
//   node full-disk.js open DIRECTORY   prints the code of what keeps it from opening a store
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "@sprtn/ports";
import { bytesToUint, codeOf, uintToBytes } from "@sprtn/primitives";
import { DiskReporter } from "../disk-reporter.js";
import { openStore } from "../open-store.js";

const [job, dataDirectory] = process.argv.slice(2) as ["fill" | "check" | "open", string];
const say = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);
const told: string[] = [];
const logger: Logger = {
  error: message => void told.push(`error ${message}`),
  warn: message => void told.push(`warn ${message}`),
  info: message => void told.push(`info ${message}`),
  verbose: () => undefined,
  debug: () => undefined,
  child: () => logger,
};

const key = (number: number) => uintToBytes(number, 4);
const reporter = new DiskReporter(logger);
const settings = { dataDirectory, cacheMb: 1 };
if (job === "open") {
  const opened = await openStore(settings, "one").then(
    () => "opened",
    (error: unknown) => codeOf(error),
  );
  say({ opened });
  process.exit();
}
const stores = [await openStore(settings, "one", reporter), await openStore(settings, "two", reporter)] as const;
const [store, other] = stores;

if (job === "check") {
  let records = 0;
  let highest = -1;
  for await (const [at] of store.entries()) {
    records += 1;
    highest = Number(bytesToUint(at));
  }
  say({ records, highest });
  for (const one of stores) await one.close();
} else {
  const filler = join(dataDirectory, "filler");
  writeFileSync(filler, new Uint8Array(16 * 2 ** 20));
  const value = new Uint8Array(100_000).fill(7);
  const put = (number: number) =>
    store.write([{ type: "put", key: key(number), value: value.slice() }], { sync: true }).then(
      () => "written",
      (error: unknown) => codeOf(error),
    );
  let written = 0;
  let code = await put(written);
  while (code === "written") code = await put(++written);
  const refused = [code];
  for (let i = 0; i < 3; i++) refused.push(await put(written));
  await other.write([{ type: "put", key: key(1), value: new Uint8Array(20_000_000) }]).catch(() => undefined);
  const readable = store.get(key(written - 1))?.length;
  rmSync(filler);
  const after = [await put(written++), await put(written++)];
  await other.write([{ type: "put", key: key(1), value }]);
  say({ written, refused, readable, after, told });
  process.kill(process.pid, "SIGKILL");
}
