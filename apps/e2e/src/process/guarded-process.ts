import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { E2eError, E2eErrorCode } from "../e2e-error.js";

/**
 * Ends the program with SIGTERM when our end of its standard input closes: when we ask for it, and when this process
 * dies in whatever way.
 */
const GUARD = `exec 3<&0
"$0" "$@" 3<&- </dev/null &
child=$!
{ read -r line <&3; kill -TERM $child; } 2>/dev/null &
guard=$!
wait $child
code=$?
kill $guard 2>/dev/null
exit $code`;

const KEPT_LINES = 60;
const END_MS = 20_000;

export interface ProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** What it writes is added to this file. */
  readonly logFile: string;
}

/** A program in its own process group, whose output is kept and which does not outlive this process. */
export class GuardedProcess {
  /** Resolves when it has ended, asked to or not. */
  readonly exited: Promise<void>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  #running = true;
  #wanted = false;

  constructor(private readonly options: ProcessOptions) {
    const { command, args, env, cwd, logFile } = options;
    this.#child = spawn("/bin/sh", ["-c", GUARD, command, ...args], {
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
      env,
      cwd,
    });
    const log = createWriteStream(logFile, { flags: "a" });
    this.exited = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("close", () => {
        this.#running = false;
        log.end(resolve);
      });
    });
    this.exited.catch(() => undefined);
    // It may end before we say so.
    this.#child.stdin.on("error", () => undefined);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      let rest = "";
      stream.setEncoding("utf8").on("data", (text: string) => {
        log.write(text);
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) this.#hear(line);
      });
    }
  }

  get name(): string {
    return this.options.name;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Whether it has ended without being asked to. */
  get crashed(): boolean {
    return !this.#running && !this.#wanted;
  }

  /** The last lines that it wrote. */
  get tail(): readonly string[] {
    return this.#lines;
  }

  /** The first group of `pattern` in each of the last lines that match. */
  lines(pattern: RegExp): string[] {
    return this.#lines.flatMap(line => pattern.exec(line)?.[1] ?? []);
  }

  /** The first group of `pattern` in the first line that matches. @throws PROCESS_ENDED, TIMEOUT */
  async says(pattern: RegExp, timeoutMs: number): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const look = (line: string) => {
      const match = pattern.exec(line);
      if (match !== null) resolve(match[1] ?? match[0]);
    };
    const timer = setTimeout(
      () => reject(new E2eError(E2eErrorCode.TIMEOUT, `${this.name} did not say ${pattern} within ${timeoutMs} ms`)),
      timeoutMs,
    );
    void this.exited.then(() =>
      reject(
        new E2eError(
          E2eErrorCode.PROCESS_ENDED,
          `${this.name} ended before it said ${pattern}:\n${this.#lines.join("\n")}`,
        ),
      ),
    );
    this.#lines.forEach(look);
    this.#listeners.add(look);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#listeners.delete(look);
    }
  }

  /** kill -9, the shell that guards it included. */
  async kill(): Promise<void> {
    this.#wanted = true;
    if (this.#running) this.#signal("SIGKILL");
    await this.exited;
  }

  /** SIGTERM, and kill -9 if it has not ended in time. @throws TIMEOUT then */
  async stop(): Promise<void> {
    this.#wanted = true;
    if (!this.#running) return;
    this.#child.stdin.end();
    const late = Promise.withResolvers<"late">();
    const timer = setTimeout(() => late.resolve("late"), END_MS);
    const outcome = await Promise.race([this.exited, late.promise]);
    clearTimeout(timer);
    if (outcome !== "late") return;
    await this.kill();
    throw new E2eError(E2eErrorCode.TIMEOUT, `${this.name} did not end within ${END_MS} ms of SIGTERM and was killed`);
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // It ended by itself in the meantime.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  #hear(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    for (const listener of this.#listeners) listener(line);
  }
}
