// A local network as a child process, watched from outside: its RPC, its log, its processes in /proc.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const MAIN = "apps/node/dist/main.js";
/** Free ports for RPC and L1: a network that runs already is left in peace. */
const PORTS = ["--local-l1-port", "0", "--aztec-port", "0"];
const TICKS_A_SECOND = 100;

/** Starts it with these settings; `command` is how. */
export function startNetwork(env, command = [process.execPath, "--enable-source-maps", MAIN, ...PORTS]) {
  // Nx refuses to run inside itself, and its variables say that it is.
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(nx_|npm_)/i.test(name)));
  const child = spawn(command[0], command.slice(1), {
    cwd: root,
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  return new WatchedNetwork(child);
}

export const npmStart = ["npm", "start", "--", ...PORTS];

class WatchedNetwork {
  /** All that it has said. */
  log = "";
  #child;
  #exited;
  #url;

  constructor(child) {
    this.#child = child;
    this.#exited = new Promise(resolve => child.once("close", (code, signal) => resolve(code ?? signal)));
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", text => (this.log += text));
  }

  /** Waits for a line of its log. */
  async line(pattern, timeoutMs) {
    const until = Date.now() + timeoutMs;
    while (Date.now() < until) {
      const match = pattern.exec(this.log);
      if (match) return match;
      if (this.#child.exitCode !== null) break;
      await delay(50);
    }
    throw new Error(`the network did not say ${pattern}; its log ends with:\n${this.log.slice(-4000)}`);
  }

  /** What its log holds of a pattern, each once. */
  matches(pattern) {
    return [...new Set(this.log.match(pattern) ?? [])];
  }

  /** Lines of this level. */
  lines(level) {
    return this.log.split("\n").filter(line => line.split(/\s+/)[1] === level);
  }

  async url() {
    return (this.#url ??= (await this.line(/RPC at (http:\S+?),? /, 300_000))[1]);
  }

  async rpc(method, params = []) {
    const response = await fetch(await this.url(), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    return (await response.json()).result;
  }

  async pendingBlock() {
    return Number((await this.rpc("node_getChainTips")).pending.number);
  }

  /** Sums of a metric by one of its labels. */
  async metric(name, label) {
    const text = await (await fetch(`${await this.url()}/metrics`)).text();
    const sums = {};
    for (const [, labels, value] of text.matchAll(new RegExp(`^${name}\\{([^}]*)\\} (\\S+)$`, "gm"))) {
      const key = new RegExp(`${label}="([^"]*)"`).exec(labels)?.[1] ?? "";
      sums[key] = (sums[key] ?? 0) + Number(value);
    }
    return sums;
  }

  /** Resident MiB, the highest so far and CPU seconds: of the node and of each helper that it runs. */
  processes() {
    const all = descendants(this.#child.pid).map(pid => ({ pid, ...usage(pid) }));
    const node = all.find(
      ({ command }) => /node(\.exe)?$/.test(command[0] ?? "") && command.some(word => word.endsWith(MAIN)),
    );
    return { node, anvil: all.find(({ command }) => /anvil[^/]*$/.test(command[0] ?? "")) };
  }

  /**
   * As Ctrl-C in a terminal does: every process of the foreground group hears it. Returns its exit code and how long it
   * took.
   */
  async stop() {
    const began = Date.now();
    this.#signal("SIGINT");
    const timer = setTimeout(() => this.#signal("SIGKILL"), 60_000);
    const code = await this.#exited;
    clearTimeout(timer);
    return { code, seconds: (Date.now() - began) / 1000 };
  }

  #signal(signal) {
    if (this.#child.exitCode === null && this.#child.signalCode === null) process.kill(-this.#child.pid, signal);
  }
}

function descendants(pid) {
  const own = readdirSync(`/proc/${pid}/task`).flatMap(task =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
  return [pid, ...own.flatMap(descendants)];
}

function usage(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const mib = name => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0) / 1024;
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
  return {
    command: readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0"),
    rssMiB: mib("VmRSS"),
    peakMiB: mib("VmHWM"),
    cpuSeconds: (Number(stat[11]) + Number(stat[12])) / TICKS_A_SECOND,
  };
}
