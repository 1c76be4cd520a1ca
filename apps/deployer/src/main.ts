import { exitWith, readProgramSettings, versionOf } from "@sprtn/wiring/program";
import { contradictions, deployerSettings } from "./settings.js";

const usage = `Deploys a network's contracts to L1 and writes its deployment file.

apps/deployer/bin/deployer [--preset local|sprtn|phase1|phase2] [--ethereum-host URL] [--out deployment.json] [settings]
Interrupted, the same command goes on where it stopped; afterwards it only writes the file again.

apps/deployer/bin/deployer network up|status|down|logs|render [settings]
Whole networks of processes; network --help says more.`;

const controller = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort(signal));
const [verb, ...rest] = process.argv.slice(2);
const version = versionOf(import.meta.url);

async function deployContracts(): Promise<void> {
  const program = { settings: deployerSettings, usage, version, contradictions };
  const { settings, warnings } = readProgramSettings(program);
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  // Only now: help and mistakes need none of it.
  const { runDeployer } = await import("./run-deployer.js");
  await runDeployer(settings, controller.signal);
}

async function manageNetwork(): Promise<void> {
  const { runNetworkCommand } = await import("./network/network-command.js");
  process.exitCode = await runNetworkCommand(rest, { version, signal: controller.signal });
}

try {
  await (verb === "network" ? manageNetwork() : deployContracts());
} catch (error) {
  exitWith(error);
}
