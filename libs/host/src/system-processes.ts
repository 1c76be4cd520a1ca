import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf } from "@sprtn/primitives";
import { makeFolder } from "@sprtn/runtime";
import { HostError, HostErrorCode } from "./host-error.js";
import { LOG_COUNT } from "./host-files.js";
import type { IdentityReader } from "./process-identity.js";
import type { ProcessIdentity, ProcessStart, ProcessTable } from "./process-table.js";
import { fileError } from "./system-files.js";

/** The compiled main of each program, and what every process has in its environment. */
export interface ProgramSettings<Program extends string = string> {
  readonly mains: Readonly<Record<Program, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

/** What a process writes is kept in so many files of this size: see LOG_OUTPUT_FILE. */
const KEPT_LOGS = { LOG_FILE_MAX_MB: "16", LOG_FILE_COUNT: String(LOG_COUNT) };

/** Names the folder of a process in its environment, so that it can be found by it. */
const MARK = "NETWORK_PROCESS_FOLDER";

/** Processes of this machine, each in a session of its own: neither Ctrl-C nor our end reaches them. */
export class SystemProcesses<Program extends string> implements ProcessTable<Program> {
  readonly #identities: IdentityReader;

  constructor(
    dependencies: { readonly identities: IdentityReader },
    private readonly settings: ProgramSettings<Program>,
  ) {
    this.#identities = dependencies.identities;
  }

  /** @throws FILE_ACCESS, DISK_FULL, NOT_STARTED */
  async start({ program, args, environment, folder, logFile }: ProcessStart<Program>): Promise<ProcessIdentity> {
    const log = await openLog(folder, logFile);
    try {
      const child = spawn(process.execPath, ["--enable-source-maps", this.settings.mains[program], ...args], {
        cwd: folder,
        // Not on the command line, where every user of the machine can read it.
        env: { ...this.settings.environment, ...KEPT_LOGS, LOG_OUTPUT_FILE: logFile, ...environment, [MARK]: folder },
        detached: true,
        stdio: ["ignore", log.fd, log.fd],
      });
      await once(child, "spawn");
      const pid = child.pid as number;
      child.unref();
      // One that has ended already is told from every other by its number and no start.
      return (await this.#identities.identityOf(pid)) ?? { pid, started: "never seen", boot: "" };
    } catch (cause) {
      throw new HostError(
        HostErrorCode.NOT_STARTED,
        `${program} could not be started (${messageOf(cause)}): see that the machine has processes and memory left`,
        {},
        { cause },
      );
    } finally {
      await log.close();
    }
  }

  async isRunning({ pid, started, boot }: ProcessIdentity): Promise<boolean> {
    const now = await this.#identities.identityOf(pid);
    return now !== undefined && now.started === started && now.boot === boot;
  }

  async worksElsewhere({ pid }: ProcessIdentity, folder: string): Promise<boolean> {
    return this.#identities.worksElsewhere(pid, folder);
  }

  async startedIn({
    folder,
    program,
  }: Pick<ProcessStart<Program>, "folder" | "program">): Promise<ProcessIdentity | undefined> {
    return this.#identities.find({ variable: `${MARK}=${folder}`, argument: this.settings.mains[program] });
  }

  async signal(
    identity: ProcessIdentity,
    signal: "SIGTERM" | "SIGKILL" | "SIGHUP" | "SIGSTOP" | "SIGCONT",
  ): Promise<void> {
    if (!(await this.isRunning(identity))) return;
    try {
      // What must end at once takes its own children along; otherwise it ends them itself, in its order.
      process.kill(signal === "SIGKILL" ? -identity.pid : identity.pid, signal);
    } catch (error) {
      // It ended by itself in the meantime.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  async own(): Promise<ProcessIdentity> {
    const identity = await this.#identities.identityOf(process.pid);
    if (identity !== undefined) return identity;
    throw new HostError(
      HostErrorCode.UNSUPPORTED,
      "this system does not tell when a process started: mount /proc, or install ps",
    );
  }
}

async function openLog(folder: string, logFile: string) {
  try {
    await makeFolder(folder, { mkdir, stat, dirname });
    return await open(logFile, "a", 0o600);
  } catch (cause) {
    throw fileError(`${logFile} cannot be written`, logFile, cause);
  }
}
