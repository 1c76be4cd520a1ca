import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";

/** Compares `value` with contracts/snapshots/`name`.json; with UPDATE_SNAPSHOTS=1 writes it instead. */
export function expectSnapshot(name: string, value: unknown): void {
  const path = new URL(`../../snapshots/${name}.json`, import.meta.url);
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(path, text);
  expect(
    text,
    `snapshots/${name}.json differs; if the change is meant, run: npm run update-snapshots -w contracts`,
  ).to.equal(readFileSync(path, "utf8"));
}
