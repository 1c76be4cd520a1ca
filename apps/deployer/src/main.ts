import { readFileSync } from "node:fs";
import { codeOf, messageOf } from "@sprtn/primitives";
import { helpText, parseSettings, wantsHelp, wantsVersion } from "@sprtn/settings";
import { type DeployerSettings, deployerSettings } from "./settings.js";

const usage = `Deploys a network's contracts to L1 and writes its deployment file.

deployer [--preset local|sprtn|phase1|phase2] [--ethereum-host URL] [--out deployment.json] [settings]
Interrupted, the same command goes on where it stopped; afterwards it only writes the file again.`;

/** Reads flags, environment and .env; on a mistake says all that is wrong and ends. */
function readSettings(args: readonly string[]): DeployerSettings {
  try {
    const envFile = readEnvFile();
    const { settings, warnings } = parseSettings(deployerSettings, { args, env: process.env, envFile });
    for (const warning of warnings) process.stderr.write(`${warning}\n`);
    return settings;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(2);
  }
}

function readEnvFile(): { readonly name: string; readonly text: string } | undefined {
  try {
    return { name: ".env", text: readFileSync(".env", "utf8") };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

const args = process.argv.slice(2);
if (wantsVersion(args)) {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    readonly version: string;
  };
  process.stdout.write(`${version}\n`);
} else if (wantsHelp(args)) {
  process.stdout.write(helpText(deployerSettings, usage));
} else {
  const settings = readSettings(args);
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort(signal));
  try {
    // Only now: help and mistakes need none of it.
    const { runDeployer } = await import("./run-deployer.js");
    await runDeployer(settings, controller.signal);
  } catch (error) {
    process.stderr.write(`${codeOf(error)}: ${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
