import { execFile } from "node:child_process";
import { readdir, readFile, stat as statOf } from "node:fs/promises";
import { promisify } from "node:util";
import { HostError, HostErrorCode } from "./host-error.js";
import type { ProcessIdentity } from "./process-table.js";

/** What a process is found by. */
interface BeganWith {
  /** `NAME=value`. */
  readonly variable: string;
  readonly argument: string;
}

/** Reads what tells one process from another. */
export interface IdentityReader {
  /** `undefined` if no process with that number runs; one that has ended and waits for its parent does not. */
  identityOf(pid: number): Promise<ProcessIdentity | undefined>;
  /** Whether a process's working folder is known to be another one. */
  worksElsewhere(pid: number, folder: string): Promise<boolean>;
  /** A process that began with these in its environment and its command line; none where that is not told. */
  find(began: BeganWith): Promise<ProcessIdentity | undefined>;
}

/** @throws UNSUPPORTED where a process cannot be told from a later one with its number */
export function identityReader(platform: NodeJS.Platform = process.platform): IdentityReader {
  if (platform === "linux") return new ProcReader();
  if (platform !== "win32") return new PsReader();
  throw new HostError(
    HostErrorCode.UNSUPPORTED,
    "programs in the background need Linux or macOS: use WSL, or `npm start` for a network in one process",
  );
}

/** Linux: the moment of the start in ticks since boot, and the boot's own id. */
class ProcReader implements IdentityReader {
  async identityOf(pid: number): Promise<ProcessIdentity | undefined> {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
    const parsed = stat === undefined ? undefined : parseStat(stat);
    if (parsed === undefined || parsed.ended) return undefined;
    const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
    return { pid, started: parsed.started, boot };
  }

  /** By what the folders are, not by their names: they may have been moved, and be reached by several. */
  async worksElsewhere(pid: number, folder: string): Promise<boolean> {
    const [own, wanted] = await Promise.all(
      [`/proc/${pid}/cwd`, folder].map(path => statOf(path).catch(() => undefined)),
    );
    // One that was deleted may have been this one.
    if (own === undefined || own.nlink === 0) return false;
    return own.dev !== wanted?.dev || own.ino !== wanted.ino;
  }

  async find({ variable, argument }: BeganWith): Promise<ProcessIdentity | undefined> {
    const numbers = (await readdir("/proc")).filter(name => /^\d+$/.test(name)).map(Number);
    // Those of other users cannot be read, and some end meanwhile.
    const listed = async (pid: number, file: string) =>
      (await readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "")).split("\0");
    for (const pid of numbers) {
      // Its own children have the same environment, and other command lines.
      const isIt =
        (await listed(pid, "environ")).includes(variable) && (await listed(pid, "cmdline")).includes(argument);
      if (isIt) return this.identityOf(pid);
    }
    return undefined;
  }
}

/** State and start of a process, from /proc/PID/stat; its name, in brackets, may hold anything. */
export function parseStat(stat: string): { readonly started: string; readonly ended: boolean } | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields[0], fields[19]];
  if (state === undefined || started === undefined) return undefined;
  return { started, ended: ["Z", "X", "x"].includes(state) };
}

/** Elsewhere: the date of the start, to the second. It also tells one boot from the next. */
export class PsReader implements IdentityReader {
  async identityOf(pid: number): Promise<ProcessIdentity | undefined> {
    const ps = promisify(execFile)("ps", ["-p", String(pid), "-o", "stat=,lstart="], { env: { LC_ALL: "C" } });
    const line = await ps.then(({ stdout }) => stdout.trim()).catch(() => "");
    const [state = "", ...date] = line.split(/\s+/);
    if (date.length === 0 || state.startsWith("Z")) return undefined;
    return { pid, started: date.join(" "), boot: "" };
  }

  async worksElsewhere(): Promise<boolean> {
    return false;
  }

  async find(): Promise<undefined> {
    return undefined;
  }
}
