import { join, resolve } from "node:path";
import { Exit, type Verb } from "@sprtn/host";
import {
  type GivenParameters,
  NetworkError,
  NetworkErrorCode,
  type NetworkHost,
  parameterNotices,
  parametersFrom,
  planNetwork,
  renderCompose,
  renderKubernetes,
  shellWord,
  writeRendered,
} from "@sprtn/network";
import { readProgramSettings } from "@sprtn/wiring/program";
import { hostFor } from "./programs.js";
import { renderSettings } from "./settings.js";

const usage = `Writes a network as a compose file or as Kubernetes objects, and its secrets to files of their own.

apps/deployer/bin/deployer network render --cluster compose|kubernetes [--preset P] [--sequencers N] … [--out DIR]
Checked against the formats' schemas; not run by us: where this was written, there is neither Docker nor Kubernetes.`;

/** `network render`. */
export const render: Verb = async (args, { version }) => {
  const { settings } = readProgramSettings({ settings: renderSettings, usage, version, args });
  const { network: given, output } = settings;
  const { image, out } = settings.render;
  const directory = resolve(out ?? given.cluster ?? "compose");
  const written = await writeNetwork(hostFor(directory), { given, image, directory });
  const say = (line: string) => (output.json ? process.stderr : process.stdout).write(`${line}\n`);
  for (const notice of parameterNotices(parametersFrom(given))) say(notice);
  if (output.json) process.stdout.write(`${JSON.stringify({ directory, written })}\n`);
  else {
    for (const path of written) say(`wrote ${path}`);
    say(
      given.cluster === "compose"
        ? `start it: docker build -f ${shellWord(join(directory, "Dockerfile"))} -t ${image} . && ` +
            `docker compose -f ${shellWord(join(directory, "compose.yaml"))} up -d --wait`
        : `start it: kubectl apply -k ${shellWord(join(directory, "overlays", parametersFrom(given).preset))}`,
    );
  }
  return Exit.WELL;
};

/** The paths that were written. @throws NetworkError */
export async function writeNetwork(
  host: NetworkHost,
  options: { readonly given: GivenParameters; readonly image: string; readonly directory: string },
): Promise<readonly string[]> {
  const { given, image, directory } = options;
  const { cluster } = given;
  if (cluster !== "compose" && cluster !== "kubernetes")
    throw new NetworkError(
      NetworkErrorCode.BAD_PARAMETERS,
      "there are files only for --cluster compose and --cluster kubernetes: give one of them, or start the network " +
        "with network up",
    );
  const plan = planNetwork(parametersFrom(given), { cores: host.cores });
  const renderAs = { compose: renderCompose, kubernetes: renderKubernetes }[cluster];
  return writeRendered(host.files, directory, renderAs(plan, { image, token: host.newToken() }));
}
