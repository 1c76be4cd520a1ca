import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made: string[] = [];

/** A new empty directory, removed when the tests of the file end. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "sprtn-crs-"));
  made.push(path);
  return path;
}

after(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});
