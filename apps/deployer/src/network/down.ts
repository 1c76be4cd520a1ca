import { resolve } from "node:path";
import { Exit, type Verb } from "@sprtn/host";
import { takeDown } from "@sprtn/network";
import { counted } from "@sprtn/primitives";
import { readProgramSettings } from "@sprtn/wiring/program";
import { hostFor } from "./programs.js";
import { downSettings } from "./settings.js";

const usage = `Ends every process of a network: SIGTERM, and SIGKILL for what does not end in time.

apps/deployer/bin/deployer network down [--dir DIR] [--purge]
Its data stays, and network up continues with it; --purge deletes the directory.`;

/** A node that ends hands in what it has begun. */
const END_MS = 40_000;

/** `network down`. */
export const down: Verb = async (args, { version, signal }) => {
  const { settings } = readProgramSettings({ settings: downSettings, usage, version, args });
  const { place, output, wait } = settings;
  const { purge } = settings.down;
  const directory = resolve(place.dir);
  const say = (line: string) => (output.json ? process.stderr : process.stdout).write(`${line}\n`);
  const result = await takeDown(hostFor(directory), {
    directory,
    purge,
    waitMs: wait.waitMs ?? END_MS,
    signal,
    onProgress: say,
  });
  if (output.json) process.stdout.write(`${JSON.stringify({ directory, purged: purge, ...result })}\n`);
  else {
    say(
      result.stopped.length === 0 ? "nothing ran" : `${counted(result.stopped.length, "process", "processes")} ended`,
    );
    if (purge) say(`${place.dir} is deleted`);
  }
  return Exit.WELL;
};
