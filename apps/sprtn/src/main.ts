import { readFileSync } from "node:fs";
import { runSprtn } from "./sprtn-command.js";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};
const controller = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort(signal));
// Whoever reads may have seen enough; what is under way goes on.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
process.exitCode = await runSprtn(process.argv.slice(2), { version, signal: controller.signal });
