import { type ChildProcessByStdio, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import type { Readable, Writable } from "node:stream";
import { Barretenberg } from "@aztec/bb.js";
import type { ProcessUsage } from "../proof-engine.js";
import { AnswerFrames, frameHeader } from "./answer-frames.js";
import { diedEarly, notStarted } from "./bb-death.js";
import type { OrphanGuard } from "./orphan-guard.js";
import { processUsage } from "./process-usage.js";

export interface BbProcessSettings {
  readonly bbPath: string;
  readonly crsPath: string;
  /** Every core if absent. */
  readonly threads?: number | undefined;
  /** 0 to 19: how far it stands back for everything else. As this process if absent. */
  readonly niceness?: number | undefined;
  /** Names its work in errors: "prove". */
  readonly job: string;
}

const OUTPUT_CHARS = 2_000;

/**
 * One bb that answers msgpack commands over its standard input and output, one after the other. bb.js has such a client
 * over a socket, but shows neither why bb died nor its pid, gives
 * it no CRS of its own, and leaves a socket file behind.
 */
export class BbProcess {
  /** bb.js's commands on this process. */
  readonly api: Barretenberg = new Barretenberg(
    { call: request => this.#call(request), destroy: () => this.end() },
    {},
  );
  readonly pid: number | undefined;
  /** Resolves when the process is gone, with why. Never rejects. */
  readonly ended: Promise<Error>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  readonly #frames = new AnswerFrames();
  readonly #waiting: PromiseWithResolvers<Uint8Array>[] = [];
  readonly #end = Promise.withResolvers<Error>();
  /** Set once it has died or been told to: no more calls. */
  #reason: Error | undefined;
  #output = "";

  constructor(dependencies: { readonly guard: OrphanGuard }, settings: BbProcessSettings) {
    const { bbPath, crsPath, threads, niceness, job } = settings;
    const { guard } = dependencies;
    const about = () => ({ job, path: bbPath, output: this.#output.trim().replaceAll(/\s*\n\s*/g, " | ") });
    this.ended = this.#end.promise;
    try {
      // Its own session: Ctrl-C in a terminal is for this process, which then ends its children in its own order.
      this.#child = spawn(bbPath, ["msgpack", "run"], {
        stdio: "pipe",
        detached: true,
        env: {
          ...process.env,
          CRS_PATH: crsPath,
          ...(threads === undefined ? {} : { HARDWARE_CONCURRENCY: String(threads) }),
        },
      });
    } catch (error) {
      this.#over(notStarted(about(), error as NodeJS.ErrnoException));
      return;
    }
    const child = this.#child;
    this.pid = child.pid;
    if (child.pid !== undefined) guard.watch(child.pid);
    if (child.pid !== undefined && niceness !== undefined) standBack(child.pid, niceness);
    child.on("error", error => this.#over(notStarted(about(), error)));
    child.on("close", (exitCode, signal) => {
      if (child.pid !== undefined) guard.forget(child.pid);
      this.#over(diedEarly(about(), exitCode, signal));
    });
    // A bb that is gone does not read: `close` says why.
    child.stdin.on("error", () => {});
    child.stderr.on("data", (chunk: Buffer) => (this.#output = (this.#output + chunk.toString()).slice(-OUTPUT_CHARS)));
    child.stdout.on("data", (chunk: Buffer) => this.#read(chunk));
  }

  /** Whether it has died or been told to. */
  get over(): boolean {
    return this.#reason !== undefined;
  }

  /** Processor time and memory so far. */
  async usage(): Promise<ProcessUsage | undefined> {
    return this.pid === undefined || this.over ? undefined : processUsage(this.pid);
  }

  /** Ends it at once; what waits for an answer gets `reason`. Resolves when it is gone. */
  async kill(reason: Error): Promise<void> {
    this.#reason ??= reason;
    this.#child?.kill("SIGKILL");
    await this.ended;
  }

  /** Lets it end after the commands at hand. Resolves when it is gone. */
  async end(): Promise<void> {
    this.#child?.stdin.end();
    await this.ended;
  }

  async #call(request: Uint8Array): Promise<Uint8Array> {
    if (this.#child === undefined || this.#reason !== undefined) throw this.#reason;
    const answer = Promise.withResolvers<Uint8Array>();
    this.#waiting.push(answer);
    this.#child.stdin.write(frameHeader(request.length));
    this.#child.stdin.write(request);
    return answer.promise;
  }

  #read(chunk: Uint8Array): void {
    if (this.#reason !== undefined) return;
    try {
      for (const answer of this.#frames.push(chunk)) this.#waiting.shift()?.resolve(answer);
    } catch (error) {
      void this.kill(error as Error);
    }
  }

  #over(reason: Error): void {
    this.#reason ??= reason;
    for (const answer of this.#waiting.splice(0)) answer.reject(this.#reason);
    this.#end.resolve(this.#reason);
  }
}

/** Before this process when the system runs out of memory, behind it for the processor. */
function standBack(pid: number, niceness: number): void {
  try {
    setPriority(pid, niceness);
    if (process.platform === "linux") writeFileSync(`/proc/${pid}/oom_score_adj`, "500");
  } catch {
    // It is gone already, which is noticed elsewhere, or the system does not support this.
  }
}
