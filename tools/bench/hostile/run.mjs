// npm run bench:hostile -- [--seconds 600] [--warm-up 180] [--only batches,crowd] [--together] [--profiles DIR]
// [--log FILE]: a local network of four validators with simulated proofs under each attack in turn, then under all at
// once, or only that with --together. Prints, for each, slots missed, how much memory grew and how late the event loop
// was. Exits 1 if a slot was missed, memory grew by 150 MiB, or an attack did not take place. --log writes what the
// nodes have logged, in detail. Linux: it reads /proc.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve as absolute } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startNetwork } from "../lib/local-network.mjs";

const MAX_GROWTH_MIB = 150;
const SLOT_SECONDS = 8;
/** Without an attack: long enough to show that this machine can. */
const MAX_QUIET_SECONDS = 120;
const mib = bytes => (bytes / 2 ** 20).toFixed(0);
const attacks = ["batches", "garbage", "replays", "duplicates", "crowd"];

const { values } = parseArgs({
  options: {
    seconds: { type: "string" },
    only: { type: "string" },
    "warm-up": { type: "string" },
    together: { type: "boolean", default: false },
    profiles: { type: "string" },
    log: { type: "string" },
  },
});
const seconds = Number(values.seconds ?? 600);
/** Until the code is compiled and the pools are as full as load makes them. */
const warmUpSeconds = Number(values["warm-up"] ?? 180);
const only = values.only?.split(",");
const inTurn = attacks.filter(name => only === undefined || only.includes(name));
const singly = values.together ? [] : inTurn.map(name => [name]);
const phases = [["none"], ...singly, ...(inTurn.length > 1 ? [inTurn] : [])];

const folder = mkdtempSync(join(tmpdir(), "sprtn-hostile-"));
const probe = join(folder, "event-loop.json");
writeFileSync(`${probe}.phase`, "start");
if (values.profiles !== undefined) mkdirSync(values.profiles, { recursive: true });
const network = startNetwork({
  LOCAL_SIMULATED_PROOFS: "true",
  LOCAL_SLOT_SECONDS: String(SLOT_SECONDS),
  SEQ_MIN_TX_PER_BLOCK: "0",
  BOT_TX_PER_SECOND: "1",
  PROBE_FILE: probe,
  ...(values.log === undefined ? {} : { LOG_LEVEL: "verbose" }),
  ...(values.profiles === undefined ? {} : { PROBE_PROFILES: absolute(values.profiles) }),
  NODE_OPTIONS: `--import ${new URL("event-loop-probe.mjs", import.meta.url).href}`,
});
let failed = false;
const children = new Set();
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => {
    for (const child of children) child.kill("SIGKILL");
    void network.stop().then(() => process.exit(130));
  });
try {
  const rpc = await network.url();
  const info = await network.rpc("node_getNodeInfo");
  const { genesisTime, slotDuration } = info.deployment.parameters;
  const target = {
    rpc,
    seconds,
    network: { chainId: info.l1ChainId, rollupVersion: info.rollupVersion },
    addresses: network.matches(/\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/\w+/g),
  };
  console.log(`${target.addresses.length} nodes, ${seconds} s an attack, slots of ${slotDuration} s`);
  await network.line(/the bot's accounts are funded/, 180_000);
  await delay(1_000 * warmUpSeconds);
  const slotNow = () => (Date.now() / 1000 - genesisTime) / slotDuration;
  for (const [index, names] of phases.entries()) {
    const figures = await phase({ names, index }, target, slotNow);
    // All phases are run and printed, also after one that failed.
    const ok = print(names, figures);
    failed ||= !ok;
  }
  const trouble = [...network.lines("warn"), ...network.lines("error")];
  console.log(`${trouble.length} warnings and errors were logged${trouble.length > 0 ? ", the first:" : ""}`);
  for (const line of trouble.slice(0, 10)) console.log(`  ${line.slice(0, 300)}`);
  // The last profile is written.
  writeFileSync(`${probe}.phase`, "end");
  await delay(2_000);
} catch (error) {
  failed = true;
  console.error(error);
} finally {
  const { code } = await network.stop();
  if (code !== 0) console.error(`the network ended with ${code}`);
  failed ||= code !== 0;
  if (values.log !== undefined) writeFileSync(values.log, network.log);
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

/** One phase: attacks at once, from the beginning of a slot on. */
async function phase({ names, index }, target, slotNow) {
  const first = Math.ceil(slotNow() + 0.2);
  await delay((first - slotNow()) * SLOT_SECONDS * 1000);
  const before = await begin(`${index}-${names.join("+")}`);
  const running = names.filter(name => name !== "none").map(name => attack(name, target));
  const lasts = running.length > 0 ? target.seconds : Math.min(target.seconds, MAX_QUIET_SECONDS);
  let highest = 0;
  const until = Date.now() + 1_000 * lasts;
  while (Date.now() < until) {
    await delay(1_000);
    highest = Math.max(highest, network.processes().node.rssMiB);
  }
  const last = Math.floor(slotNow()) - 1;
  const eventLoop = await figuresOfProbe();
  const after = await begin("between");
  const counts = await Promise.all(running.map(({ end }) => end()));
  const slots = await slotsWithBlocks(first);
  const all = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return {
    slots: all.length,
    missed: all.filter(slot => !slots.has(slot)),
    growthMiB: after.node.rssMiB - before.node.rssMiB,
    highestMiB: highest,
    cores: (after.node.cpuSeconds - before.node.cpuSeconds) / lasts,
    eventLoop,
    counts: Object.fromEntries(running.map(({ name }, i) => [name, counts[i]])),
  };
}

/** Undefined while the file is half written. */
function readProbe() {
  try {
    return JSON.parse(readFileSync(probe, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError || error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function figuresOfProbe() {
  for (;;) {
    const figures = readProbe();
    if (figures !== undefined) return figures;
    await delay(50);
  }
}

/** Begins a phase. @returns the processes' figures once the network has collected its garbage */
async function begin(name) {
  writeFileSync(`${probe}.phase`, name);
  while ((await figuresOfProbe()).phase !== name) await delay(100);
  return network.processes();
}

/** In a process of its own, so that its work is not the network's. */
function attack(name, target) {
  const child = spawn(process.execPath, [fileURLToPath(new URL("attack.mjs", import.meta.url)), name], {
    env: { ...process.env, TARGET: JSON.stringify({ ...target, seconds: target.seconds + 30 }) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.add(child);
  child.once("close", () => children.delete(child));
  let out = "";
  child.stdout.setEncoding("utf8").on("data", text => (out += text));
  const exited = new Promise(resolve => child.once("close", resolve));
  return {
    name,
    end: async () => {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
      await exited;
      clearTimeout(timer);
      // One that was killed may have been writing.
      const last = out.split("\n").findLast(line => /^\{.*\}$/.test(line));
      return last === undefined ? { counts: {}, valid: false } : JSON.parse(last);
    },
  };
}

/** Slots from `first` on that hold a block of the chain; asks again while the node still refuses this address. */
async function slotsWithBlocks(first) {
  const slots = new Set();
  for (let from = 1; ;) {
    const blocks = await network.rpc("node_getBlocks", [from, 100]).catch(() => undefined);
    if (blocks === undefined) {
      await delay(1_000);
      continue;
    }
    if (blocks.length === 0) return slots;
    for (const { header } of blocks) if (header.slot >= first) slots.add(header.slot);
    from = blocks.at(-1).header.number + 1;
  }
}

/** A line for the phase, and one for what each attack did; whether all went well. */
function print(names, { slots, missed, growthMiB, highestMiB, cores, eventLoop, counts }) {
  // An attack that did not take place shows nothing, nor does one on a machine that misses slots without it.
  const took = Object.values(counts).every(({ valid }) => valid);
  const ok = took && missed.length === 0 && growthMiB < MAX_GROWTH_MIB;
  const of = name => name.padEnd(names.length > 1 ? 0 : 10);
  console.log(
    [
      `${ok ? "ok     " : took ? "FAIL   " : "INVALID"} ${names.length > 1 ? "all at once" : of(names[0])}`,
      `${missed.length} of ${slots} slots missed${missed.length > 0 ? ` (${missed.join(", ")})` : ""}`,
      `RSS ${growthMiB >= 0 ? "+" : ""}${growthMiB.toFixed(0)} MiB (highest ${highestMiB.toFixed(0)})`,
      `event loop p50 ${eventLoop.p50.toFixed(0)} ms, p99 ${eventLoop.p99.toFixed(0)} ms, max ` +
        `${eventLoop.max.toFixed(0)} ms`,
      `heap ${mib(eventLoop.memory.heapUsed)} of ${mib(eventLoop.memory.heapTotal)} MiB, outside ` +
        `${mib(eventLoop.memory.external)} MiB`,
      `${cores.toFixed(2)} cores`,
      `load ${loadavg()[0].toFixed(1)}`,
    ].join(" · "),
  );
  for (const [name, { counts: done, valid }] of Object.entries(counts))
    console.log(`        ${name}: ${JSON.stringify(done)}${valid ? "" : ": the attack did not take place"}`);
  if (names[0] === "none" && missed.length > 0) console.log("        this machine misses slots without any attack");
  return ok;
}
