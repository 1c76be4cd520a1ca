// The programs of docs/samples in a packed project: copied there, compiled, and run as their readers would.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { filesBelow, root } from "../checks/workspace.mjs";

const source = join(root, "docs/samples");

/** Copies the samples into the project; their folder there. */
export function installSamples(project) {
  const directory = join(project.directory, "samples");
  mkdirSync(directory);
  for (const entry of ["package.json", "tsconfig.json", "README.md", "src"])
    cpSync(join(source, entry), join(directory, entry), { recursive: true });
  return directory;
}

/** Packages that the samples import and do not declare, and the other way round. */
export function undeclared(directory) {
  const { dependencies } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  const imported = new Set(
    filesBelow(join(directory, "src"), [".ts"]).flatMap(path =>
      [...readFileSync(path, "utf8").matchAll(/ from "(@sprtn\/[^/"]+)/g)].map(match => match[1]),
    ),
  );
  const declared = Object.keys(dependencies);
  return [...imported].filter(name => !declared.includes(name)).concat(declared.filter(name => !imported.has(name)));
}

/** A sample that runs, with what it says. */
export class RunningSample {
  #lines = [];
  #waiting = [];

  constructor(directory, program, args = []) {
    this.process = spawn(process.execPath, [`dist/${program}.js`, ...args], {
      cwd: directory,
      env: { ...process.env, NODE_OPTIONS: "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.process.stdout, this.process.stderr])
      createInterface({ input: stream }).on("line", line => this.#hear(line));
    this.ended = new Promise(resolve => this.process.on("close", code => resolve(code)));
    void this.ended.then(code => this.#waiting.splice(0).forEach(({ reject }) => reject(this.#failure(code))));
  }

  get output() {
    return this.#lines.join("\n");
  }

  /** The first group of the pattern in the first line that it matches, as soon as there is one. */
  says(pattern) {
    for (const line of this.#lines) {
      const match = pattern.exec(line);
      if (match) return Promise.resolve(match[1] ?? match[0]);
    }
    return new Promise((resolve, reject) => this.#waiting.push({ pattern, resolve, reject }));
  }

  /** Stops it as Ctrl-C does; its exit code. */
  stop() {
    this.process.kill("SIGINT");
    return this.ended;
  }

  #hear(line) {
    this.#lines.push(line);
    this.#waiting = this.#waiting.filter(({ pattern, resolve }) => {
      const match = pattern.exec(line);
      if (match) resolve(match[1] ?? match[0]);
      return !match;
    });
  }

  #failure(code) {
    return new Error(`ended with ${code} before it said so:\n${this.output}`);
  }
}
