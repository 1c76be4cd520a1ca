// A program for tests of several processes: node prepare-dev-crs.js CACHE POINTS PIECE [KILL_AT] prepares a dev CRS and
// prints `{ made, waited }`: how many points it made itself, and whether
// it had to wait for another process. With KILL_AT it kills itself as soon as pieces of that many points are saved.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "@sprtn/ports";
import { systemClock } from "@sprtn/observability/system";
import { ensureCrs } from "../ensure-crs.js";

const [cacheFolder, points, piecePoints, killAt] = process.argv.slice(2) as [
  string,
  string,
  string,
  string | undefined,
];
let made: number | undefined;
let first = 0;
let waited = false;
const quiet = () => {};
const logger: Logger = {
  error: quiet,
  warn: quiet,
  verbose: quiet,
  debug: quiet,
  child: () => logger,
  info: message => void (waited ||= message.includes("waiting")),
};
// What is saved counts: on a busy machine saving may be several pieces behind computing.
function savedPieces(): number {
  try {
    return readdirSync(join(cacheFolder, "dev.partial")).filter(name => /^\d+-\d+$/.test(name)).length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}
function killWhenSaved(pieces: number): void {
  if (savedPieces() >= pieces) process.kill(process.pid, "SIGKILL");
  setImmediate(() => killWhenSaved(pieces)).unref();
}
if (killAt !== undefined) killWhenSaved(Number(killAt) / Number(piecePoints));
await ensureCrs(
  { logger, clock: systemClock },
  {
    kind: "dev",
    points: Number(points),
    cacheFolder,
    generation: { piecePoints: Number(piecePoints), threads: 1 },
    onProgress({ done }) {
      if (made === undefined) first = done;
      made = done - first;
    },
  },
);
process.stdout.write(JSON.stringify({ made: made ?? 0, waited }));
