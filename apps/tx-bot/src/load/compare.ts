import { readFile } from "node:fs/promises";
import { Exit, type Verb } from "@sprtn/host";
import {
  compareReports,
  differenceText,
  failsIf,
  LoadError,
  LoadErrorCode,
  type LoadReport,
  readFailIf,
  readReport,
} from "@sprtn/load";
import { messageOf } from "@sprtn/primitives";
import { readProgramSettings } from "@sprtn/wiring/program";
import { compareSettings } from "./settings.js";

const usage = `Compares two reports: each rate and latency of B with A's, and whether it differs by more than chance.

apps/tx-bot/bin/tx-bot compare A/report.json B/report.json [--fail-if "latency.pending.p99>10%"] [--force] [--json]
Exit codes: 0, 1 if a condition of --fail-if holds, 2 for what is no report or cannot be compared.`;

/** `compare`: a line a figure. */
export const compare: Verb = async (args, { version }) => {
  const { settings, positionals } = readProgramSettings({
    settings: compareSettings,
    usage,
    version,
    args,
    maxPositionals: 2,
  });
  const [first, second] = positionals;
  if (first === undefined || second === undefined)
    throw new LoadError(LoadErrorCode.BAD_REPORT, "give two reports: tx-bot compare A/report.json B/report.json");
  const { failIf, force, json, seed } = settings.compare;
  const conditions = failIf.map(condition => ({ condition, read: readFailIf(condition) }));
  const [a, b] = [await readReportFile(first), await readReportFile(second)];
  const differences = compareReports(a, b, { seed, force });
  const failed = conditions
    .filter(({ read }) => failsIf({ a, b }, differences, read))
    .map(({ condition }) => condition);
  if (json) process.stdout.write(`${JSON.stringify({ differences, failed })}\n`);
  else {
    for (const difference of differences) process.stdout.write(`${differenceText(difference)}\n`);
    for (const condition of failed) process.stdout.write(`failed: ${condition}\n`);
  }
  return failed.length > 0 ? Exit.FAILED : Exit.WELL;
};

/** @throws LoadError BAD_REPORT, also for a file that cannot be read */
async function readReportFile(path: string): Promise<LoadReport> {
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (cause) {
    throw new LoadError(
      LoadErrorCode.BAD_REPORT,
      `${path} cannot be read (${messageOf(cause)}): give the report.json that tx-bot run wrote`,
      { path },
      { cause },
    );
  }
  return readReport(content, path);
}
