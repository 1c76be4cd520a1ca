import { exitWith, readProgramSettings, versionOf } from "@sprtn/wiring/program";
import { contradictions, deployerSettings } from "./settings.js";

const usage = `Deploys a network's contracts to L1 and writes its deployment file.

apps/deployer/bin/deployer [--preset local|sprtn|phase1|phase2] [--ethereum-host URL] [--out deployment.json] [settings]
Interrupted, the same command goes on where it stopped; afterwards it only writes the file again.`;

const program = { settings: deployerSettings, usage, version: versionOf(import.meta.url), contradictions };
const { settings, warnings } = readProgramSettings(program);
for (const warning of warnings) process.stderr.write(`${warning}\n`);
const controller = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort(signal));
try {
  // Only now: help and mistakes need none of it.
  const { runDeployer } = await import("./run-deployer.js");
  await runDeployer(settings, controller.signal);
} catch (error) {
  exitWith(error);
}
