import { readFile } from "node:fs/promises";
import { mkdir, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createFieldHasher } from "@sprtn/field-hasher";
import { privateKeyFrom } from "@sprtn/l1-client";
import { LoadError, LoadErrorCode, type LoadProgress, readScenario } from "@sprtn/load";
import { createLogger } from "@sprtn/observability";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { EthAddress } from "@sprtn/primitives";
import { runRemoteLoad } from "@sprtn/wiring";
import { readProgramSettings, versionOf } from "@sprtn/wiring/program";
import { openTarget } from "./load-target.js";
import { runSettings } from "./settings.js";

const usage = `Runs a load test and writes its report.

apps/tx-bot/bin/tx-bot run SCENARIO [--dir NETWORK] [--out DIR] [settings]`;

/** Nobody has its key: funds that are withdrawn to it are lost. */
const NOBODY = EthAddress(`0x${"00".repeat(19)}01`);

export async function runLoadCommand(args: readonly string[]): Promise<number> {
  const version = versionOf(new URL("../main.js", import.meta.url).href);
  const { settings, positionals } = readProgramSettings({ settings: runSettings, usage, version, args, maxPositionals: 1 });
  const [file] = positionals;
  if (file === undefined) throw new LoadError(LoadErrorCode.BAD_SCENARIO, "give a scenario's file");
  const scenario = readScenario(await readFile(file, "utf8"), file);
  const target = await openTarget(settings.load.dir ?? "data/network");
  const logger = createLogger({ clock: systemClock }, settings.observability, "load");
  const hasher = await createFieldHasher({ logger }, settings.fieldHasher);
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort());
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const loopLag = () => {
    const p99 = delay.percentile(99) / 1e6;
    delay.reset();
    return p99;
  };
  let last = 0;
  const onProgress = (p: LoadProgress) => {
    if (systemClock.steadyMs() - last < 5_000) return;
    last = systemClock.steadyMs();
    const s = p.latency.summary("pending");
    process.stdout.write(
      `${p.phase} ${(p.atMs / 1000).toFixed(0)}/${p.offeredMs / 1000} s: ${p.due} due, ${p.sent} sent, ${p.open} open, ` +
        `${p.failed} failed; pending p50 ${s?.p50Ms} p99 ${s?.p99Ms}\n`,
    );
  };
  try {
    const report = await runRemoteLoad(
      {
        clock: systemClock,
        random: systemRandom,
        hasher,
        logger,
        loopLag,
        faults: { check: async () => {}, begin: async () => ({ heal: async () => {} }) },
      },
      {
        scenario,
        senders: target.senders,
        watched: target.watched,
        surroundings: {
          program: { version, commit: null },
          machine: {
            cpu: cpus()[0]?.model ?? "unknown",
            cores: cpus().length,
            memoryBytes: totalmem(),
            platform: process.platform,
            node: process.version,
          },
          network: target.record.plan.parameters.preset,
          validators: target.record.plan.parameters.sequencers,
        },
        withdrawTo: NOBODY,
        onProgress,
        wallet: settings.wallet,
        l1: { ...settings.l1, urls: [target.l1Url] },
        l1Publisher: settings.l1Publisher,
        l1Key: privateKeyFrom(target.payer),
        circuits: settings.circuits,
      },
      controller.signal,
    );
    const folder = resolve(settings.load.out, `${scenario.name}-${report.startedAt.replaceAll(/[:.]/g, "-")}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "report.json"), JSON.stringify(report));
    const { outcomes, rates, losses, verdict, reasons, funding } = report;
    process.stdout.write(`${JSON.stringify({ outcomes, rates, losses, verdict, reasons, funding }, null, 1)}\n${folder}\n`);
    return verdict === "passed" ? 0 : 1;
  } finally {
    hasher.close();
    await logger.close();
  }
}
