// npm run bench [NAME …]: runs every tools/bench/*.mjs (or the named ones), each in a process of its own, and prints
// its figures beside target and peer.
// A bench exports `title` and `run({ small })`, which returns or yields figures:
//   { name, value, unit, target?, lower?: true if less is better, peers?: [{ name, value }], note? }
// SMALL=1 makes quick runs, whose figures say nothing. JSON=FILE also writes the figures there. Exits 1 if a bench
// failed, not if a target was missed: machines differ.
import { fork } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const self = fileURLToPath(import.meta.url);
const dir = dirname(self);
const small = process.env.SMALL === "1";
/** Run when they are named only. */
const onDemand = new Set(["proofs"]);

if (process.argv[2] === "--child") await runOne(process.argv[3]);
else await runAll(process.argv.slice(2));

async function runOne(file) {
  const bench = await import(pathToFileURL(file).href);
  process.send({ title: bench.title });
  for await (const figure of await bench.run({ small })) process.send({ figure });
  process.disconnect();
}

async function runAll(names) {
  const isWanted = name => (names.length === 0 ? !onDemand.has(name) : names.includes(name));
  const files = readdirSync(dir).filter(
    name => name.endsWith(".mjs") && name !== "run.mjs" && isWanted(basename(name, ".mjs")),
  );
  console.log(
    `node ${process.version}, ${cpus().length} × ${cpus()[0].model}${small ? ", SMALL: the figures say nothing" : ""}`,
  );
  const all = [];
  let failed = 0;
  for (const name of files) {
    const began = Date.now();
    const code = await new Promise(resolve => {
      const child = fork(self, ["--child", join(dir, name)], { execArgv: ["--expose-gc"], stdio: "inherit" });
      child.on("message", message => {
        if (message.title) console.log(`\n${message.title}`);
        if (!message.figure) return;
        all.push({ bench: basename(name, ".mjs"), ...message.figure });
        console.log(line(message.figure));
      });
      child.on("exit", (status, signal) => resolve(status ?? signal));
    });
    console.log(
      `  ${name}: ${code === 0 ? "done" : `FAILED (${code})`} in ${((Date.now() - began) / 1000).toFixed(0)} s`,
    );
    if (code !== 0) failed++;
  }
  if (process.env.JSON)
    writeFileSync(
      process.env.JSON,
      `${JSON.stringify({ node: process.version, cpu: cpus()[0].model, small, figures: all }, null, 2)}\n`,
    );
  process.exitCode = failed === 0 ? 0 : 1;
}

function line({ name, value, unit, target, lower, peers = [], note }) {
  const met = target === undefined ? "     " : (lower ? value <= target : value >= target) ? "  ok " : " MISS";
  const goal = target === undefined ? "" : `${lower ? "≤" : "≥"} ${format(target)}`;
  const beside = peers.map(peer => `${peer.name} ${format(peer.value)}`).join(", ");
  const figure = `${name.padEnd(58)} ${format(value).padStart(9)} ${unit.padEnd(10)} ${goal.padEnd(10)}`;
  return `${met} ${figure}${beside === "" ? "" : ` | ${beside}`}${note ? ` (${note})` : ""}`;
}

function format(value) {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
}
