// A program for the crash test: node batch-writer.js DIRECTORY FIRST writes batch after batch until it is killed. Batch
// n sets
// fifty records to n; its number is printed once the write has resolved.
import { uintToBytes } from "@sprtn/primitives";
import { LevelKvStore } from "../level-kv-store.js";

const [path, first] = process.argv.slice(2) as [string, string];
const store = await LevelKvStore.open(path);
for (let batch = Number(first); ; batch++) {
  const value = new Uint8Array(2000);
  value.set(uintToBytes(batch, 4));
  await store.write(Array.from({ length: 50 }, (_, i) => ({ type: "put" as const, key: uintToBytes(i, 2), value })));
  process.stdout.write(`${batch}\n`);
}
