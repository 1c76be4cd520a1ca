import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A process of queue-worker.ts and what it has said. */
export class SpawnedWorker {
  readonly lines: string[] = [];
  readonly exited: Promise<void>;
  readonly #child;

  constructor(args: readonly string[], onLine: (line: string) => void = () => {}) {
    this.#child = spawn(process.execPath, [fileURLToPath(new URL("./queue-worker.js", import.meta.url)), ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const said = createInterface(this.#child.stdout).on("line", line => {
      this.lines.push(line);
      onLine(line);
    });
    this.exited = new Promise(resolve => said.once("close", () => resolve()));
  }

  /** What begins with `word`. */
  all(word: string): string[] {
    return this.lines.filter(line => line.startsWith(`${word} `)).map(line => line.slice(word.length + 1));
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.exited;
  }
}
