import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import { missing } from "./anvil-binary.js";

/**
 * Runs anvil and ends it when our end of its standard input closes, which is what happens when this process dies in
 * whatever way. The signal is SIGTERM: anvil writes its state on it. One that is suspended must go on to get it.
 */
const GUARD = `exec 3<&0
"$0" "$@" 3<&- </dev/null &
child=$!
{ read -r line <&3; kill -TERM $child; kill -CONT $child; } 2>/dev/null &
guard=$!
wait $child
code=$?
kill $guard 2>/dev/null
exit $code`;

const KEPT_LINES = 30;

/** How an anvil process ended: by itself with a code, or by a signal. */
export interface AnvilExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The child process: starts, says which port it got, ends. */
export class AnvilProcess {
  readonly exited: Promise<AnvilExit>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: string[] = [];
  readonly #listening = Promise.withResolvers<number>();

  /** @throws DEVNET_NO_BINARY */
  constructor(binary: string, args: readonly string[]) {
    if (!existsSync(binary)) throw missing(`${binary} is missing`);
    // Its own process group: Ctrl-C in a terminal reaches only us, and we stop it in our order.
    this.#child =
      process.platform === "win32"
        ? spawn(binary, args, { stdio: ["pipe", "pipe", "pipe"] })
        : spawn("/bin/sh", ["-c", GUARD, binary, ...args], { stdio: ["pipe", "pipe", "pipe"], detached: true });
    this.exited = new Promise((resolve, reject) => {
      // Not "exit": what it wrote last may come after that.
      this.#child.once("close", (code, signal) => resolve(exitOf(code, signal)));
      this.#child.once("error", cause =>
        reject(new L1Error(L1ErrorCode.DEVNET_FAILED, "the devnet's process could not be started", {}, { cause })),
      );
    });
    // Callers that wait get the error; it is fine if nothing waits.
    this.exited.catch(() => undefined);
    this.#listening.promise.catch(() => undefined);
    // It writes to the pipe after its end has gone: nothing to do about.
    this.#child.stdin.on("error", () => undefined);
    for (const stream of [this.#child.stdout, this.#child.stderr]) this.#readLines(stream);
  }

  /** The last lines that it wrote. */
  get output(): string {
    return this.#lines.join("\n");
  }

  /** The port on which it listens. Throws what `exited` ends with, DEVNET_FAILED. */
  async port(): Promise<number> {
    return Promise.race([this.#listening.promise, this.exited.then(exit => this.#died(exit))]);
  }

  /** Lets it write its state and end. */
  async end(): Promise<AnvilExit> {
    this.#child.stdin.end();
    if (process.platform === "win32") this.#child.kill();
    return this.exited;
  }

  /** Ends it without waiting for anything. */
  kill(): void {
    this.signal("SIGKILL");
  }

  /** To it and the shell that guards it. */
  signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    try {
      process.kill(process.platform === "win32" ? pid : -pid, signal);
    } catch (error) {
      // It ended by itself in the meantime.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  /** Whole lines only: a pipe may cut them anywhere, in the middle of the port too. */
  #readLines(stream: Readable): void {
    let rest = "";
    stream.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#read(line);
    });
    stream.on("end", () => this.#read(rest));
  }

  #read(line: string): void {
    if (line.trim() === "") return;
    this.#lines.push(line);
    this.#lines.splice(0, this.#lines.length - KEPT_LINES);
    const match = /Listening on \S*?:(\d+)\s*$/.exec(line);
    if (match) this.#listening.resolve(Number(match[1]));
  }

  #died({ code, signal }: AnvilExit): never {
    throw new L1Error(
      L1ErrorCode.DEVNET_FAILED,
      `the devnet's process ended (${signal ?? `code ${code}`}): ${this.output}`,
      { output: this.output },
    );
  }
}

/** A shell ends with 128 + the signal that ended what it waited for. */
function exitOf(code: number | null, signal: NodeJS.Signals | null): AnvilExit {
  const names = Object.entries(constants.signals);
  const ended = names.find(([, number]) => code === 128 + number)?.[0] as NodeJS.Signals | undefined;
  return ended === undefined ? { code, signal } : { code: null, signal: ended };
}
