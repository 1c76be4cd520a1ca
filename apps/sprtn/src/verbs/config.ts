import { Exit, type Verb } from "@sprtn/host";
import {
  config as configure,
  type ConfigResult,
  OperatorError,
  OperatorErrorCode,
  readVariables,
} from "@sprtn/operator";
import { envPath } from "@sprtn/operator";
import { installedPrograms, thisHost } from "../programs.js";
import { HELPED, readVerb } from "../read-verb.js";
import { configFirstSettings, configVerbSettings } from "../settings.js";
import { wantsHelp } from "@sprtn/settings";
import { checkSettings, settingsHelp } from "./check-settings.js";
import { directoryOf } from "./directory-of.js";
import { type Earlier, draftOf } from "./draft.js";
import { takeRepeated } from "./take-repeated.js";

const usage = `Sets a node up in a directory: writes its .env, which only you can read, a compose file
and a systemd unit.

sprtn config --role validator --bootnode-url URL --ethereum-host URL --key-file FILE [--dir DIR]
sprtn config --role node --bootnode-url URL --ethereum-host URL
sprtn config --role prover-agent --prover-broker-host URL --broker-token-file FILE

What is missing is asked for, unless there is no terminal or --yes is given. Nothing is written unless the ports are
free, the network and its L1 answer and belong together, and the key opens and is in no directory beside this one. Run
again, it changes what is given and keeps the rest; earlier files get the name .bak.

These are the first ten flags; --help all lists every one, and --help node every setting that --set can give.`;

/** `sprtn config`. */
export const config: Verb = async (args, { signal }) => {
  if (wantsHelp(args) && args.includes("node")) {
    process.stdout.write(settingsHelp());
    return Exit.WELL;
  }
  const { values: set, rest } = takeRepeated(args, "--set");
  const directory = directoryOf(rest, process.env);
  const host = thisHost();
  const text = await host.files.read(envPath(directory));
  const read = readVerb({
    settings: configVerbSettings,
    wanted: configFirstSettings,
    usage,
    args: rest,
    envFile: text === undefined ? undefined : { name: envPath(directory), text },
  });
  if (read === HELPED) return Exit.WELL;
  const { node: given, config: run, installation } = read.settings;
  const variables = (await readVariables(host.files, directory)) ?? new Map<string, string>();
  const earlier: Earlier = { directory, variables, set: [...(run.set === undefined ? [] : [run.set]), ...set] };
  const mayAsk = process.stdin.isTTY && process.stdout.isTTY && !run.yes && !installation.json;
  const asked = mayAsk ? await (await import("./ask.js")).ask(given, earlier, signal) : { given, earlier };
  const { role } = asked.given;
  if (role === undefined)
    throw new OperatorError(
      OperatorErrorCode.USAGE,
      "what the node is for is missing: give --role validator, node, prover-node, prover-agent or bootnode",
    );
  const result = await configure(host, {
    installation: await draftOf({ ...asked.given, role }, asked.earlier),
    programs: installedPrograms(),
    checkSettings: env => void checkSettings(role, env),
    print: run.print,
  });
  if (run.print) process.stdout.write(shown(result));
  else if (installation.json) process.stdout.write(`${JSON.stringify(summary(result))}\n`);
  else process.stdout.write(told(result));
  return Exit.WELL;
};

function summary({ written, address, network }: ConfigResult) {
  return {
    written,
    address,
    network: network === undefined ? undefined : { name: network.network, chainId: network.l1ChainId.toString() },
  };
}

function told({ written, address, network }: ConfigResult): string {
  const lines = [
    ...(written.length === 0 ? ["everything is as it was"] : written.map(path => `wrote ${path}`)),
    ...(network === undefined ? [] : [`network ${network.network}, on chain ${network.l1ChainId}`]),
    ...(address === undefined
      ? []
      : [`the key's account is ${address}: it pays for L1 transactions, so it needs ether`]),
    "start it with sprtn start --wait",
  ];
  return `${lines.join("\n")}\n`;
}

/** Without what nobody should read over a shoulder. */
function shown({ files }: ConfigResult): string {
  const secret = /^((?:\w*PRIVATE_KEY|MNEMONIC|PROVER_BROKER_TOKEN|PROVER_QUEUE_URL)=).*$/gm;
  return files.map(({ path, text }) => `# ${path}\n${text.replace(secret, "$1[secret]")}`).join("\n");
}
