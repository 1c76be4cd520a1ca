import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Exit, type Verb } from "@sprtn/host";
import { createFieldHasher } from "@sprtn/field-hasher";
import { privateKeyFrom } from "@sprtn/l1-client";
import {
  LoadError,
  LoadErrorCode,
  type LoadProgress,
  type LoadReport,
  reportAssets,
  reportHtml,
  type Scenario,
  textReport,
} from "@sprtn/load";
import { createLogger } from "@sprtn/observability";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { EthAddress } from "@sprtn/primitives";
import { makeFolder } from "@sprtn/runtime";
import { runRemoteLoad } from "@sprtn/wiring";
import { readProgramSettings } from "@sprtn/wiring/program";
import { apps, openTarget } from "./load-target.js";
import { NetworkFaults } from "./network-faults.js";
import { startOwnNetwork } from "./own-network.js";
import { progressLine } from "./progress-line.js";
import { readScenarioFile } from "./read-scenario-file.js";
import { runSettings } from "./settings.js";
import { commitOf, machine } from "./surroundings.js";

const usage = `Runs a load test: pays as its scenario says, whatever the network does, and writes a report.

apps/tx-bot/bin/tx-bot run SCENARIO [--dir NETWORK] [--out DIR] [settings]
A scenario that describes a network starts it and takes it down again, unless --dir names one that runs.
Exit codes: 0 passed, 1 an expectation was not met or the figures are invalid, 2 scenario or usage, 5 no network,
130 interrupted (the report is written all the same).`;

/** Nobody has its key: funds that are withdrawn to it are lost. */
const NOBODY = EthAddress(`0x${"00".repeat(19)}01`);
const LINE_MS = 5_000;

/** `run`: a report in a folder of its own, and the verdict as exit code. */
export const run: Verb = async (args, { version, signal }) => {
  const { settings, positionals } = readProgramSettings({
    settings: runSettings,
    usage,
    version,
    args,
    maxPositionals: 1,
  });
  const [path] = positionals;
  if (path === undefined)
    throw new LoadError(LoadErrorCode.BAD_SCENARIO, "give the file of a scenario: tx-bot run SCENARIO");
  const scenario = await readScenarioFile(path);
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const context = { settings, version, signal, say };
  const report = await withNetwork(scenario, context, dir => runOn(dir, scenario, context));
  const folder = await save(report, settings.load.out);
  process.stdout.write(`${textReport(report)}\n${join(folder, "report.html")}\n`);
  if (signal.aborted) return Exit.INTERRUPTED;
  return report.verdict === "passed" ? Exit.WELL : Exit.FAILED;
};

interface RunContext {
  readonly settings: ReturnType<typeof readProgramSettings<typeof runSettings.groups>>["settings"];
  readonly version: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** The network of --dir, or the scenario's own for as long as `work` lasts. */
async function withNetwork<T>(
  { network, name }: Scenario,
  { settings, signal, say }: RunContext,
  work: (dir: string) => Promise<T>,
): Promise<T> {
  const { dir, out, portOffset } = settings.load;
  if (dir !== undefined || network === undefined) return work(dir ?? "data/network");
  const folder = join(out, "networks", `${name}-${process.pid}`);
  const own = await startOwnNetwork(network, { folder, portOffset, signal, say });
  try {
    return await work(own.directory);
  } finally {
    await own.close();
  }
}

async function runOn(
  dir: string,
  scenario: Scenario,
  { settings, version, signal, say }: RunContext,
): Promise<LoadReport> {
  const target = await openTarget(dir);
  const { parameters } = target.record.plan;
  const logger = createLogger({ clock: systemClock }, settings.observability, "load");
  const hasher = await createFieldHasher({ logger }, settings.fieldHasher);
  const l1 = { ...settings.l1, urls: [target.l1Url] };
  const faults = new NetworkFaults({ target, chainId: l1.chainId, logger });
  try {
    return await runRemoteLoad(
      { clock: systemClock, random: systemRandom, hasher, logger, faults, loopLag: loopLagMeter() },
      {
        scenario,
        senders: target.senders,
        watched: target.watched,
        surroundings: {
          program: { version, commit: await commitOf(apps) },
          machine: machine(),
          network: `${parameters.preset}, ${parameters.cluster}`,
          validators: parameters.sequencers,
        },
        withdrawTo: NOBODY,
        onProgress: everySoOften(LINE_MS, progress => say(progressLine(progress))),
        wallet: settings.wallet,
        l1,
        l1Publisher: settings.l1Publisher,
        l1Key: privateKeyFrom(target.payer),
        circuits: settings.circuits,
      },
      signal,
    );
  } finally {
    faults.close();
    hasher.close();
    await logger.close();
  }
}

/** How late the event loop was since the last call, ms, 99th percentile. */
function loopLagMeter(): () => number {
  const resolution = 10;
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  return () => {
    // The resolution is part of what is measured.
    const lagMs = Math.max(0, delay.percentile(99) / 1e6 - resolution);
    delay.reset();
    return lagMs;
  };
}

function everySoOften(intervalMs: number, tell: (progress: LoadProgress) => void): (progress: LoadProgress) => void {
  let toldMs = Number.NEGATIVE_INFINITY;
  return progress => {
    const nowMs = systemClock.steadyMs();
    if (nowMs - toldMs < intervalMs) return;
    toldMs = nowMs;
    tell(progress);
  };
}

async function save(report: LoadReport, out: string): Promise<string> {
  const at = report.startedAt.slice(0, 19).replaceAll(":", "");
  const folder = resolve(out, `${report.scenario.name}-${at}`);
  await makeFolder(folder, { mkdir, stat, dirname });
  await writeFile(join(folder, "report.json"), `${JSON.stringify(report)}\n`);
  await writeFile(join(folder, "report.html"), reportHtml(report, reportAssets()));
  return folder;
}
