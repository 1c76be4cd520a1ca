import { exitWith } from "@sprtn/wiring/program";

const [verb, ...rest] = process.argv.slice(2);
const verbs: readonly string[] = ["run"];

try {
  if (verb !== undefined && verbs.includes(verb)) {
    // Only what a verb needs is loaded.
    const { runLoadCommand } = await import("./load/run-command.js");
    process.exitCode = await runLoadCommand(rest);
  } else {
    const { runBot } = await import("./run-bot.js");
    await runBot();
  }
} catch (error) {
  exitWith(error);
}
