import { codeOf, messageOf } from "@sprtn/primitives";
import { runSupervisor } from "./run-supervisor.js";

// The supervisor of one node, in a process of its own: DIRECTORY, and the node's program.
const [directory, main] = process.argv.slice(2) as [string, string];
const controller = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => controller.abort(signal));
/** What holds for this process alone: the node's output comes to us, and its own settings are in its `.env`. */
const own = ["LOG_OUTPUT_FILE", "LOG_FILE_MAX_MB", "LOG_FILE_COUNT", "NETWORK_PROCESS_FOLDER"];
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.includes(name)));
try {
  process.exitCode = await runSupervisor({ directory, main, environment, outputs: [], signal: controller.signal });
} catch (error) {
  process.stderr.write(`${codeOf(error)}: ${messageOf(error)}\n`);
  process.exitCode = 1;
}
