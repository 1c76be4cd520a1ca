import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

/** A redis-server for tests, on its own port. */
export class RedisServer {
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();

  private constructor(
    readonly port: number,
    private readonly options: readonly string[],
  ) {}

  /** Keeps nothing on disk, or all of it in `folder`. */
  static async start({
    folder,
    options = [],
  }: { readonly folder?: string; readonly options?: readonly string[] } = {}): Promise<RedisServer> {
    const persistence = folder === undefined ? ["--appendonly", "no"] : ["--appendonly", "yes", "--dir", folder];
    const server = new RedisServer(await freePort(), ["--save", "", ...persistence, ...options]);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    const child = spawn("redis-server", ["--port", String(this.port), "--bind", "127.0.0.1", ...this.options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#child = child;
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
    this.#exited = new Promise(exited => {
      child.once("error", error => {
        reject(new Error(`these tests need Redis: apt-get install redis-server (${error.message})`));
        exited();
      });
      child.once("exit", code => {
        reject(new Error(`redis-server has ended with ${code}`));
        exited();
      });
    });
    createInterface(child.stdout).on("line", line => {
      if (line.includes("Ready to accept connections")) resolve();
    });
    const end = () => child.kill("SIGKILL");
    process.once("exit", end);
    child.once("exit", () => process.removeListener("exit", end));
    await ready;
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#exited;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
