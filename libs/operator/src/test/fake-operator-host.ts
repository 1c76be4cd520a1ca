import type { HostFiles, ProcessIdentity, ProcessStart } from "@sprtn/host";
import type { MachineFacts, OperatorHost, OperatorProgram, RpcCall } from "../host/operator-host.js";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";

/** Answers one call; throws what the endpoint throws. */
type Answer = (params: readonly unknown[]) => unknown;

/** A machine without processes, disk and network, whose clock goes on by itself whenever somebody waits. */
export class FakeOperatorHost implements OperatorHost {
  readonly disk = new Map<string, string>();
  readonly modes = new Map<string, number>();
  readonly takenPorts = new Set<number>();
  readonly takenUdpPorts = new Set<number>();
  /** JSON-RPC methods by URL; a URL that is not there does not answer. */
  readonly endpoints = new Map<string, Record<string, Answer>>();
  /** Answers to GET, by URL. */
  readonly pages = new Map<string, { readonly status: number; readonly body: unknown }>();
  readonly running = new Set<number>();
  readonly signals: string[] = [];
  readonly started: ProcessStart<OperatorProgram>[] = [];
  /** Processes that ignore SIGTERM. */
  readonly stubborn = new Set<number>();
  machine: MachineFacts = { nodeVersion: "24.0.0", freeMemoryBytes: 2 ** 34, openFiles: 65_536 };
  freeDisk = 2 ** 40;
  onStart: (start: ProcessStart<OperatorProgram>, identity: ProcessIdentity) => void = () => undefined;
  onSignal: (pid: number, signal: string) => void = () => undefined;
  #nowMs = 1_800_000_000_000;

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
    start: async (start: ProcessStart<OperatorProgram>) => {
      this.started.push(start);
      const identity = identityOf(1_000 + this.started.length);
      this.running.add(identity.pid);
      this.onStart(start, identity);
      return identity;
    },
    isRunning: async ({ pid, started }: ProcessIdentity) => this.running.has(pid) && started === `at ${pid}`,
    startedIn: async () => undefined,
    worksElsewhere: async () => false,
    signal: async ({ pid }: ProcessIdentity, signal: string) => {
      this.signals.push(`${signal} ${pid}`);
      if (signal === "SIGKILL" || !this.stubborn.has(pid)) this.running.delete(pid);
      this.onSignal(pid, signal);
    },
    own: async () => identityOf(999),
  };

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
      const inside = [...this.disk.keys()].filter(key => key.startsWith(`${path.replace(/\/$/, "")}/`));
      const names = inside.map(key => key.slice(path.replace(/\/$/, "").length + 1).split("/")[0] as string);
      return inside.length === 0 ? undefined : [...new Set(names)];
    },
    makeFolder: async () => undefined,
    removeAll: async () => undefined,
    removeEmptyFolder: async () => undefined,
    slice: async (path, { from, bytes }) => {
      const text = this.disk.get(path);
      if (text === undefined) return undefined;
      const whole = new TextEncoder().encode(text);
      const start = from ?? Math.max(0, whole.length - bytes);
      return { content: whole.subarray(start, start + bytes), size: whole.length };
    },
  };

  /** Time goes by. */
  wait(ms: number): void {
    this.#nowMs += ms;
  }

  async isPortTaken(port: number): Promise<boolean> {
    return this.takenPorts.has(port);
  }

  async isUdpPortTaken(port: number): Promise<boolean> {
    return this.takenUdpPorts.has(port);
  }

  async get(url: string): Promise<{ readonly status: number; readonly body: unknown } | undefined> {
    return this.pages.get(url);
  }

  async call(url: string, calls: readonly RpcCall[]): Promise<readonly unknown[]> {
    const endpoint = this.endpoints.get(url);
    if (endpoint === undefined) throw new OperatorError(OperatorErrorCode.UNREACHABLE, `${url} does not answer: look`);
    return calls.map(({ method, params }) => {
      const answer = endpoint[method];
      if (answer === undefined) throw new OperatorError(OperatorErrorCode.REFUSED, `${url} has no ${method}: look`);
      return answer(params);
    });
  }

  async facts(): Promise<MachineFacts> {
    return this.machine;
  }

  async freeDiskBytes(): Promise<number> {
    return this.freeDisk;
  }

  async modeOf(path: string): Promise<number | undefined> {
    return this.disk.has(path) ? (this.modes.get(path) ?? 0o600) : undefined;
  }

  newSecret(): string {
    return "5ec7e7".padEnd(64, "0");
  }
}

/** A process as the fake machine tells it. */
export function identityOf(pid: number): ProcessIdentity {
  return { pid, started: `at ${pid}`, boot: "boot" };
}
