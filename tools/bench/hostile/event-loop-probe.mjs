// Preloaded into a node under attack (NODE_OPTIONS=--import): writes how late its event loop is and what its memory
// holds, every second, into PROBE_FILE. A new word in PROBE_FILE.phase begins a new count, with a collection of
// garbage. With PROBE_PROFILES, a folder, each phase leaves a CPU profile there. It never waits for the disk: one that
// stalled would stop the node that is measured.
import { readFile, writeFile } from "node:fs/promises";
import { Session } from "node:inspector";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import v8 from "node:v8";
import vm from "node:vm";
import { isMainThread } from "node:worker_threads";

const RESOLUTION_MS = 10;
const file = process.env.PROBE_FILE;

if (isMainThread && file !== undefined && process.argv[1]?.endsWith("apps/node/dist/main.js")) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let phase = "";
  v8.setFlagsFromString("--expose-gc");
  /** What a phase leaves behind is what it holds, not what nobody has collected yet. */
  const collectGarbage = vm.runInNewContext("gc");
  const begin = process.env.PROBE_PROFILES === undefined ? () => {} : profiler(process.env.PROBE_PROFILES);
  // The histogram holds whole intervals: what is above the resolution is delay.
  const ms = nanoseconds => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  const look = async () => {
    const now = await readFile(`${file}.phase`, "utf8");
    // Half written.
    if (now === "") return;
    if (now !== phase) {
      begin(now);
      collectGarbage();
      delay.reset();
      phase = now;
    }
    const figures = { phase, p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) };
    await writeFile(file, JSON.stringify({ ...figures, memory: process.memoryUsage() }));
  };
  const tick = async () => {
    try {
      await look();
    } catch (error) {
      // The bench has ended and taken its folder with it.
      if (error.code !== "ENOENT") throw error;
    }
    setTimeout(() => void tick(), 1_000).unref();
  };
  void tick();
}

/** Begins a profile for each phase, and writes that of the one before. */
function profiler(folder) {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.setSamplingInterval", { interval: 1_000 });
  let running;
  return phase => {
    if (running !== undefined) {
      const path = join(folder, `${running}.cpuprofile`);
      session.post("Profiler.stop", (_error, { profile }) => void writeFile(path, JSON.stringify(profile)));
    }
    running = phase;
    session.post("Profiler.start");
  };
}
