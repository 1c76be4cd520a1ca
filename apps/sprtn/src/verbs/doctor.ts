import { resolve } from "node:path";
import { Exit, lastLines, type Verb } from "@sprtn/host";
import {
  doctor as examine,
  type DoctorReport,
  doctorText,
  envPath,
  logPath,
  type OperatorHost,
  requireInstalled,
} from "@sprtn/operator";
import { codeOf, messageOf } from "@sprtn/primitives";
import { thisHost } from "../programs.js";
import { HELPED, readVerb } from "../read-verb.js";
import { doctorVerbSettings } from "../settings.js";
import { checkSettings } from "./check-settings.js";

const usage = `Examines the node of a directory, whether it runs or not, and what it needs: machine, files, keys,
ports, L1, network.

sprtn doctor [--only l1-chain,balance] [--report FILE] [--json] [--dir DIR]
Ends with 0 if nothing failed, 1 otherwise.`;

/** `sprtn doctor`. */
export const doctor: Verb = async (args, { version }) => {
  const read = readVerb({ settings: doctorVerbSettings, usage, args });
  if (read === HELPED) return Exit.WELL;
  const { doctor: options, installation } = read.settings;
  const directory = resolve(installation.dir);
  const host = thisHost();
  const { role } = await requireInstalled(host.files, directory);
  const report = await examine(host, {
    directory,
    only: options.only ?? [],
    version,
    checkSettings: env => void checkSettings(role, env),
  });
  process.stdout.write(installation.json ? `${JSON.stringify(report)}\n` : doctorText(report));
  if (options.report !== undefined) {
    const path = resolve(options.report);
    await host.files.replace(path, `${JSON.stringify(await shareable(host, directory, report), null, 2)}\n`);
    (installation.json ? process.stderr : process.stdout).write(`wrote ${path}: read it before you give it away\n`);
  }
  return report.verdict === "ok" ? Exit.WELL : Exit.FAILED;
};

/** What helps others to help: no secret is in it, and of URLs no more than their host. */
async function shareable(host: OperatorHost, directory: string, report: DoctorReport) {
  const { role } = await requireInstalled(host.files, directory);
  const name = envPath(directory);
  const text = (await host.files.read(name)) ?? "";
  return {
    role,
    platform: `${process.platform} ${process.arch}, Node ${process.versions.node}`,
    ...report,
    settings: explained(() => checkSettings(role, { name, text })),
    log: await lastLines(host.files, logPath(directory)),
  };
}

function explained(read: () => ReturnType<typeof checkSettings>): unknown {
  try {
    const given = read().filter(({ source }) => source !== "default");
    return Object.fromEntries(given.map(({ name, value }) => [name, value]));
  } catch (error) {
    return `${codeOf(error)}: ${messageOf(error)}`;
  }
}
