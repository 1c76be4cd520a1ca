import type { HostFiles, ProcessIdentity, ProcessStart } from "@sprtn/host";
import type { AskedNode, NetworkHost, Readiness } from "../host/network-host.js";

/** A program of a {@link FakeHost}, and how it behaves. */
export interface FakeProcess extends ProcessIdentity {
  readonly start: ProcessStart;
  running: boolean;
  /** Signals that it got, in order. */
  readonly signals: string[];
}

/** A machine without processes and disk, whose clock goes on by itself whenever somebody waits. */
export class FakeHost implements NetworkHost {
  readonly started: FakeProcess[] = [];
  readonly disk = new Map<string, string>();
  readonly takenPorts = new Set<number>();
  readonly takenUdpPorts = new Set<number>();
  /** Programs by the last part of their folder that are never ready, that end at once, that ignore SIGTERM. */
  readonly unready = new Set<string>();
  readonly failing = new Set<string>();
  readonly stubborn = new Set<string>();
  readonly peers = new Map<string, number>();
  /** What each node tells, by its name. */
  readonly nodes = new Map<string, Partial<AskedNode>>();
  /** Whether the system tells what was started in a folder. */
  findable = false;
  cores = 2;
  free = 2 ** 40;
  onStart: (name: string) => void = () => undefined;
  onRemove: (path: string) => void = () => undefined;
  #nowMs = 1_000_000;
  #nextPid = 100;

  readonly clock = {
    nowMs: () => this.#nowMs,
    steadyMs: () => this.#nowMs,
    schedule: (delayMs: number, callback: () => void) => {
      const timer = setImmediate(() => {
        this.#nowMs += delayMs;
        callback();
      });
      return () => clearImmediate(timer);
    },
  };

  readonly processes = {
    start: async (start: ProcessStart): Promise<ProcessIdentity> => {
      const name = nameOf(start.folder);
      const identity = { pid: this.#nextPid++, started: String(this.#nowMs), boot: "boot" };
      const oneShot = start.program === "deployer";
      this.started.push({ ...identity, start, running: !oneShot && !this.failing.has(name), signals: [] });
      this.disk.set(start.logFile, `2026-01-01T00:00:00.000Z info    ${name}: hello\n`);
      if (oneShot && !this.failing.has(name)) this.disk.set(`${parentOf(start.folder)}/deployment.json`, "{}");
      this.onStart(name);
      return identity;
    },
    isRunning: async (identity: ProcessIdentity) =>
      identity.pid === this.own.pid ? identity.started === this.own.started : this.#find(identity)?.running === true,
    worksElsewhere: async (identity: ProcessIdentity, folder: string) => {
      const found = this.#find(identity);
      return found !== undefined && found.start.folder !== folder;
    },
    startedIn: async ({ folder }: Pick<ProcessStart, "folder">) =>
      this.findable ? this.started.findLast(({ start, running }) => running && start.folder === folder) : undefined,
    signal: async (identity: ProcessIdentity, signal: string) => {
      const found = this.#find(identity);
      if (found === undefined || !found.running) return;
      found.signals.push(signal);
      if (signal === "SIGKILL" || (signal === "SIGTERM" && !this.stubborn.has(nameOf(found.start.folder))))
        found.running = false;
    },
    own: async () => this.own,
  };
  own: ProcessIdentity = { pid: 1, started: "0", boot: "boot" };

  readonly files: HostFiles = {
    read: async path => this.disk.get(path),
    replace: async (path, text) => void this.disk.set(path, text),
    create: async (path, text) => {
      if (this.disk.has(path)) return false;
      this.disk.set(path, text);
      return true;
    },
    remove: async path => void this.disk.delete(path),
    list: async path => {
      const inside = [...this.disk.keys()].filter(key => key.startsWith(`${path}/`));
      const names = inside.map(key => key.slice(path.length + 1).split("/")[0] as string);
      return inside.length === 0 ? undefined : [...new Set(names)];
    },
    makeFolder: async () => undefined,
    removeAll: async path => {
      for (const key of this.disk.keys()) if (`${key}/`.startsWith(`${path}/`)) this.disk.delete(key);
      this.onRemove(path);
    },
    removeEmptyFolder: async () => undefined,
    slice: async (path, { from, bytes }) => {
      const text = this.disk.get(path);
      if (text === undefined) return undefined;
      const whole = new TextEncoder().encode(text);
      const start = from ?? Math.max(0, whole.length - bytes);
      return { content: whole.subarray(start, start + bytes), size: whole.length };
    },
  };

  freeBytes(): number {
    return this.free;
  }

  async isPortTaken(port: number, protocol: "tcp" | "udp"): Promise<boolean> {
    return (protocol === "tcp" ? this.takenPorts : this.takenUdpPorts).has(port);
  }

  async readiness(url: string): Promise<Readiness | undefined> {
    const name = this.nameAt(url);
    if (name === undefined) return undefined;
    return this.unready.has(name) ? { ready: false, code: "NODE_NOT_SYNCED", reason: "wait" } : { ready: true };
  }

  async isL1Ready(url: string): Promise<boolean> {
    return this.nameAt(url) === "l1";
  }

  node(url: string): AskedNode {
    const name = this.nameAt(url) ?? "";
    const silent = async () => Promise.reject(new TypeError("nobody"));
    return {
      getChainTips: silent,
      getPendingTxs: async () => [],
      getPeers: async () =>
        Array.from({ length: this.peers.get(name) ?? 5 }, (_, i) => ({
          id: String(i),
          addresses: [],
          score: 0,
          direction: "inbound" as const,
          agent: null,
        })),
      ...this.nodes.get(name),
    };
  }

  newToken(): string {
    return "token".repeat(8);
  }

  /** The latest process with that name. */
  process(name: string): FakeProcess {
    return this.started.findLast(({ start }) => nameOf(start.folder) === name) as FakeProcess;
  }

  names(): string[] {
    return this.started.map(({ start }) => nameOf(start.folder));
  }

  private nameAt(url: string): string | undefined {
    const port = url.split(":").at(-1) as string;
    const at = ({ environment: env }: ProcessStart) =>
      [env.AZTEC_PORT, env.METRICS_PORT, env.NETWORK_L1_PORT].includes(port);
    const found = this.started.findLast(({ start, running }) => running && at(start));
    return found === undefined ? undefined : nameOf(found.start.folder);
  }

  #find({ pid, started, boot }: ProcessIdentity): FakeProcess | undefined {
    return this.started.find(each => each.pid === pid && each.started === started && each.boot === boot);
  }
}

const nameOf = (folder: string) => folder.split("/").at(-1) as string;
const parentOf = (folder: string) => folder.split("/").slice(0, -1).join("/");
