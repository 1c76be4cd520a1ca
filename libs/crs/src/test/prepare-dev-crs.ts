// A program for tests of several processes: node prepare-dev-crs.js CACHE POINTS PIECE [KILL_AT] prepares a dev CRS and
// prints `{ made, waited }`: how many points it made itself, and whether
// it had to wait for another process. With KILL_AT it kills itself when that many points are done.
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
      if (killAt !== undefined && done >= Number(killAt)) process.kill(process.pid, "SIGKILL");
    },
  },
);
process.stdout.write(JSON.stringify({ made: made ?? 0, waited }));
