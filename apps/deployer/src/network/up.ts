import { join, resolve } from "node:path";
import { Exit, type Verb } from "@sprtn/host";
import { bringUp, NetworkError, NetworkErrorCode, shellWord } from "@sprtn/network";
import { counted } from "@sprtn/primitives";
import { readProgramSettings } from "@sprtn/wiring/program";
import { assertDocker, composeUp } from "./compose-up.js";
import { hostFor } from "./programs.js";
import { writeNetwork } from "./render.js";
import { upSettings } from "./settings.js";

const usage = `Starts a network of processes, or whatever of it does not run.

apps/deployer/bin/deployer network up [--preset P] [--sequencers N] [--provers N] … [--dir DIR]
A network continues as it was deployed: for other parameters give another --dir. Interrupted, what was started goes on
running, and the same command continues.`;

/** Of a wave, on a busy machine. */
const READY_MS = 180_000;

/** `network up`: the whole network runs when it ends. */
export const up: Verb = async (args, { version, signal }) => {
  const { settings } = readProgramSettings({ settings: upSettings, usage, version, args });
  const { network: given, place, output, wait } = settings;
  const directory = resolve(place.dir);
  if (given.cluster === "kubernetes")
    throw new NetworkError(
      NetworkErrorCode.UNSUPPORTED,
      "network up starts no pods: write files with network render --cluster kubernetes, and give them to kubectl",
    );
  const say = (line: string) => (output.json ? process.stderr : process.stdout).write(`${line}\n`);
  if (given.cluster === "compose") {
    await assertDocker();
    await writeNetwork(hostFor(directory), { given, image: settings.render.image, directory });
    await composeUp(directory);
    say(`it runs; docker compose -f ${shellWord(join(directory, "compose.yaml"))} ps|logs|down does the rest`);
    return Exit.WELL;
  }
  const { plan, started } = await bringUp(hostFor(directory), {
    directory,
    given,
    waitMs: wait.waitMs ?? READY_MS,
    signal,
    onProgress: say,
  });
  const urls = plan.processes.flatMap(({ name, role, port }) =>
    role === "deploy" || port === undefined ? [] : [{ name, url: `http://127.0.0.1:${port}` }],
  );
  if (output.json) process.stdout.write(`${JSON.stringify({ directory, started, processes: urls })}\n`);
  else {
    const first = plan.processes.find(({ role }) => ["validator", "dense"].includes(role));
    say(started.length === 0 ? "everything runs already" : `${counted(urls.length, "process", "processes")} up`);
    const status = `network status --dir ${shellWord(place.dir)}`;
    say(`open http://127.0.0.1:${first?.port} in a browser; ${status} shows every node`);
  }
  return Exit.WELL;
};
