import { join } from "node:path";
import { traitsOf } from "../installation/role.js";
import { type Check, fail, ok, warn } from "./check.js";

const MIB = 2 ** 20;
const GIB = 2 ** 30;
/** What a node takes, and, on top of that, one that proves. */
const [NODE_BYTES, PROVING_BYTES] = [0.35 * GIB, 3 * GIB];
const [LEAST_FILES, ENOUGH_FILES] = [1_024, 4_096];
const [LEAST_DISK, ENOUGH_DISK] = [GIB, 10 * GIB];
/** A record of signatures is written before each signature. */
const SLOW_WRITE_MS = 100;
const WRITES = 5;

const nodeVersion: Check = {
  name: "node-version",
  run: async ({ host }) => {
    const { nodeVersion: version } = await host.facts();
    const [major = 0, minor = 0] = version.split(".").map(Number);
    const isNew = major > 20 || (major === 20 && minor >= 19);
    return isNew ? ok(version) : fail(`Node ${version} is too old → install 20.19 or later, or use bin/sprtn`);
  },
};

const memory: Check = {
  name: "memory",
  run: async ({ host, node, running }) => {
    const { freeMemoryBytes: free } = await host.facts();
    const proves =
      node.role === "prover-agent" ||
      (node.role === "prover-node" && node.variables.get("PROVER_AGENT_ENABLED") !== "false");
    // What runs has most of it already.
    const needed = running ? NODE_BYTES / 4 : NODE_BYTES + (proves ? PROVING_BYTES : 0);
    const shown = `${(free / GIB).toFixed(1)} GiB free, ${(needed / GIB).toFixed(1)} needed`;
    return free >= needed ? ok(shown) : fail(`${shown} → end other programs, or use a larger machine`);
  },
};

const descriptors: Check = {
  name: "descriptors",
  run: async ({ host }) => {
    const { openFiles } = await host.facts();
    if (openFiles === undefined) return ok("this system does not tell");
    if (openFiles >= ENOUGH_FILES) return ok(`${openFiles} files and connections`);
    const text = `at most ${openFiles} files and connections → ulimit -n 65536 before sprtn start`;
    return openFiles < LEAST_FILES ? fail(text) : warn(text);
  },
};

const disk: Check = {
  name: "disk",
  run: async ({ host, node }) => {
    const free = await host.freeDiskBytes(node.directory);
    const shown = `${(free / GIB).toFixed(1)} GiB free`;
    if (free >= ENOUGH_DISK) return ok(shown);
    const text = `${shown} → make room, or move DATA_DIRECTORY to a larger disk`;
    return free < LEAST_DISK ? fail(text) : warn(text);
  },
};

const writable: Check = {
  name: "writable",
  run: async ({ host, node }) => {
    const { dataDirectory } = node;
    const exists = dataDirectory !== undefined && (await host.files.list(dataDirectory)) !== undefined;
    const folder = exists ? dataDirectory : node.directory;
    const path = join(folder, ".sprtn-doctor");
    await host.files.replace(path, "x");
    await host.files.remove(path);
    return ok(folder);
  },
};

const writeTime: Check = {
  name: "write-time",
  run: async ({ host, node }) => {
    const path = join(node.directory, ".sprtn-doctor-time");
    const times: number[] = [];
    for (let i = 0; i < WRITES; i++) {
      const fromMs = host.clock.steadyMs();
      await host.files.replace(path, "x".repeat(MIB / 256));
      times.push(host.clock.steadyMs() - fromMs);
    }
    await host.files.remove(path);
    const median = times.toSorted((a, b) => a - b)[Math.floor(WRITES / 2)] as number;
    const shown = `${median.toFixed(1)} ms until a write is on disk (limit ${SLOW_WRITE_MS})`;
    if (median <= SLOW_WRITE_MS) return ok(shown);
    const text = `${shown} → use a local SSD: a validator writes before each signature`;
    return traitsOf(node.role).keyName === undefined ? warn(text) : fail(text);
  },
};

/** Of the machine, whatever the node. */
export const machineChecks: readonly Check[] = [nodeVersion, memory, descriptors, disk, writable, writeTime];
