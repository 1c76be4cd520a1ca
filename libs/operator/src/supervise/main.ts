import { codeOf, messageOf } from "@sprtn/primitives";
import { runSupervisor } from "./run-supervisor.js";

// The supervisor of one node, in a process of its own: DIRECTORY, and the node's program.
const [directory, main] = process.argv.slice(2) as [string, string];
const controller = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => controller.abort(signal));
try {
  process.exitCode = await runSupervisor({
    directory,
    main,
    environment: process.env,
    outputs: [],
    signal: controller.signal,
  });
} catch (error) {
  process.stderr.write(`${codeOf(error)}: ${messageOf(error)}\n`);
  process.exitCode = 1;
}
