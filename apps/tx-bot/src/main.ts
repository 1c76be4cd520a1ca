import { exitWith, versionOf } from "@sprtn/wiring/program";
import { isLoadVerb, runLoadCommand } from "./load/load-command.js";

const args = process.argv.slice(2);

async function main(): Promise<void> {
  if (!isLoadVerb(args[0])) {
    // Only what is asked for is loaded.
    const { runBot } = await import("./run-bot.js");
    return runBot();
  }
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort(signal));
  const version = versionOf(import.meta.url);
  process.exitCode = await runLoadCommand(args, { version, signal: controller.signal });
}

main().catch(exitWith);
