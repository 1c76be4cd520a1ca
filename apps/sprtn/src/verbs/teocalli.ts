import { resolve } from "node:path";
import { Exit, type Verb } from "@sprtn/host";
import {
  commandReport,
  type CommandReport,
  decodeCommandFile,
  describeCommand,
  encodeCommandFile,
  executeCommand,
  l1PlaceOf,
  OperatorError,
  OperatorErrorCode,
  type ProposedCalls,
  proposeCommand,
  signCommandFile,
} from "@sprtn/operator";
import { address as addressParser } from "@sprtn/settings";
import { thisHost } from "../programs.js";
import { HELPED, readVerb } from "../read-verb.js";
import { teocalliVerbSettings } from "../settings.js";
import { confirmed, payingAccount } from "./account.js";
import { keyIn, textIn } from "./draft.js";

const usage = `Commands of Teocalli, the multisig that owns a network's contracts, as files that go from signer to
signer.

sprtn teocalli propose addValidator|removeValidator ADDRESS… [--expires 7d] [--file command.json] [--dir DIR]
sprtn teocalli propose --target ADDRESS --data 0x… [--value 1eth] [--expires 7d] [--file command.json] [--dir DIR]
sprtn teocalli show [--file command.json] [--dir DIR]
sprtn teocalli sign --key-file FILE [--file command.json] [--yes]
sprtn teocalli execute [--key-file FILE] [--file command.json] [--yes] [--dir DIR]

propose, show and execute look at L1 as the node in DIR is set up; sign needs no network. Anybody may execute a command
that enough signers have signed: the key only pays.`;

const MOST_VALIDATORS = 100;

const read = (args: readonly string[], maxPositionals = 0) =>
  readVerb({ settings: teocalliVerbSettings, usage, args, maxPositionals });

/** `sprtn teocalli propose`. */
export const propose: Verb = async args => {
  const given = read(args, 1 + MOST_VALIDATORS);
  if (given === HELPED) return Exit.WELL;
  const { settings, positionals } = given;
  const { expiresMs, target, data, value } = settings.teocalli;
  const calls = callsOf(positionals, { target, data, value });
  const host = thisHost();
  const path = resolve(settings.teocalli.file);
  const file = await proposeCommand(host, await l1PlaceOf(host, resolve(settings.installation.dir)), {
    calls,
    expiresMs,
  });
  if (!(await host.files.create(path, encodeCommandFile(file))))
    throw new OperatorError(OperatorErrorCode.USAGE, `${path} exists already: give another --file`, { path });
  if (settings.installation.json) process.stdout.write(encodeCommandFile(file));
  else process.stdout.write(`wrote ${path}, command ${file.command.nonce}:\n${lines(describeCommand(file))}`);
  return Exit.WELL;
};

/** `sprtn teocalli show`. */
export const show: Verb = async args => {
  const given = read(args);
  if (given === HELPED) return Exit.WELL;
  const { report } = await opened(given.settings);
  process.stdout.write(given.settings.installation.json ? `${JSON.stringify(report)}\n` : text(report));
  return Exit.WELL;
};

/** `sprtn teocalli sign`. */
export const sign: Verb = async (args, { signal }) => {
  const given = read(args);
  if (given === HELPED) return Exit.WELL;
  const { account, teocalli, installation } = given.settings;
  if (account.keyFile === undefined)
    throw new OperatorError(OperatorErrorCode.USAGE, "whose signature is missing: give a signer's --key-file");
  const path = resolve(teocalli.file);
  const file = decodeCommandFile(path, await textIn(path));
  const { privateKey, address } = await keyIn(account.keyFile, account.passwordFile);
  const what = `command ${file.command.nonce} of ${file.teocalli} on chain ${file.chainId}`;
  const told = installation.json ? process.stderr : process.stdout;
  told.write(`${what}:\n${lines(describeCommand(file))}`);
  await confirmed(`Sign this as ${address}?`, account, signal);
  await thisHost().files.replace(path, encodeCommandFile(await signCommandFile(file, privateKey)));
  told.write(`signed by ${address}\n`);
  return Exit.WELL;
};

/** `sprtn teocalli execute`. */
export const execute: Verb = async (args, { signal }) => {
  const given = read(args);
  if (given === HELPED) return Exit.WELL;
  const { account: choice, installation } = given.settings;
  const { place, file, report } = await opened(given.settings);
  const account = await payingAccount(place, choice);
  if (report.obstacles.length === 0) {
    (installation.json ? process.stderr : process.stdout).write(text(report));
    await confirmed(`Execute this at the cost of ${account.address}?`, choice, signal);
  }
  const transaction = await executeCommand({ account, signal }, file, report);
  process.stdout.write(installation.json ? `${JSON.stringify({ transaction })}\n` : `mined in ${transaction}\n`);
  return Exit.WELL;
};

type Settings = Exclude<ReturnType<typeof read>, typeof HELPED>["settings"];

async function opened({ teocalli, installation }: Settings) {
  const host = thisHost();
  const path = resolve(teocalli.file);
  const file = decodeCommandFile(path, await textIn(path));
  const place = await l1PlaceOf(host, resolve(installation.dir));
  return { place, file, report: await commandReport(host, place, file) };
}

function callsOf(
  [action, ...validators]: readonly string[],
  { target, data, value }: Pick<Settings["teocalli"], "target" | "data" | "value">,
): ProposedCalls {
  if (action === undefined && target !== undefined)
    return { action: "call", target, data: data ?? "0x", value: value ?? 0n };
  if ((action !== "addValidator" && action !== "removeValidator") || target !== undefined)
    throw new OperatorError(
      OperatorErrorCode.USAGE,
      "what is to be done: give addValidator ADDRESS, removeValidator ADDRESS, or --target ADDRESS with --data 0x…",
    );
  const wrong = validators.find(each => addressParser.read(each) === undefined);
  if (wrong !== undefined)
    throw new OperatorError(OperatorErrorCode.USAGE, `${JSON.stringify(wrong)} is not ${addressParser.expected}`);
  return { action, validators };
}

function lines(calls: readonly string[]): string {
  return calls.length === 0 ? "  nothing: it only uses up its number\n" : calls.map(call => `  ${call}\n`).join("");
}

function text({ calls, nonce, deadline, signedBy, strangers, threshold, signers, obstacles }: CommandReport): string {
  const told = [
    `command ${nonce}, until ${new Date(deadline * 1000).toISOString()}:`,
    lines(calls).trimEnd(),
    `signed by ${signedBy.length === 0 ? "nobody" : signedBy.join(", ")}; ${threshold} of ${signers.length} needed`,
    ...(strangers.length === 0 ? [] : [`signed by strangers, which counts for nothing: ${strangers.join(", ")}`]),
    obstacles.length === 0 ? "it can be executed" : `it cannot be executed: ${obstacles.join("; ")}`,
  ];
  return `${told.join("\n")}\n`;
}
