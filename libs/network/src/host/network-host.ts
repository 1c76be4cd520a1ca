import type { Clock, NodeApi } from "@sprtn/ports";
import type { ProgramName } from "../plan/planned-process.js";

/** Files that are kept of what a process writes, the one in use included: `log`, and the next older `log.1` … */
export const LOG_COUNT = 4;

/** A process, told from every other that ever has its number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, as the system tells it: a process that got the number later began later. */
  readonly started: string;
  /** The system's run: numbers and times start again with the next one. */
  readonly boot: string;
}

/** What to run. */
export interface ProcessStart {
  readonly program: ProgramName;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Its working folder; made if need be. */
  readonly folder: string;
  /** What it writes is added to this file. */
  readonly logFile: string;
}

/** Processes that go on without us. */
export interface ProcessTable {
  /** @throws NetworkError FILE_ACCESS, UNSUPPORTED */
  start(start: ProcessStart): Promise<ProcessIdentity>;
  isRunning(identity: ProcessIdentity): Promise<boolean>;
  /** Whether its working folder is another one than that, where that is told: it belongs to another network then. */
  worksElsewhere(identity: ProcessIdentity, folder: string): Promise<boolean>;
  /** What was started in a folder and runs, even if whoever started it had no time to note it, where that is told. */
  startedIn(where: Pick<ProcessStart, "folder" | "program">): Promise<ProcessIdentity | undefined>;
  /** Nothing happens if it has ended. */
  signal(identity: ProcessIdentity, signal: "SIGTERM" | "SIGKILL" | "SIGHUP"): Promise<void>;
  /** Of this process. */
  own(): Promise<ProcessIdentity>;
}

/** Files of a network's folder; all paths are whole. */
export interface NetworkFiles {
  /** A small file; `undefined` when there is none. @throws NetworkError FILE_ACCESS */
  read(path: string): Promise<string | undefined>;
  /** Replaces the file in one step; only its owner can read it. @throws NetworkError FILE_ACCESS */
  replace(path: string, text: string): Promise<void>;
  /** Whether there was no such file before; nobody ever sees a part of it. @throws NetworkError FILE_ACCESS */
  create(path: string, text: string): Promise<boolean>;
  remove(path: string): Promise<void>;
  /** Names in a folder; `undefined` when there is none. @throws NetworkError FILE_ACCESS */
  list(path: string): Promise<readonly string[] | undefined>;
  makeFolder(path: string): Promise<void>;
  /** A file or a folder with all that is in it. @throws NetworkError FILE_ACCESS */
  removeAll(path: string): Promise<void>;
  /** Nothing happens to one that holds something. @throws NetworkError FILE_ACCESS */
  removeEmptyFolder(path: string): Promise<void>;
  /**
   * At most `bytes` from `from` on, or from the end if `from` is absent, and how long the whole file is; `undefined`
   * when there is no file. @throws NetworkError FILE_ACCESS
   */
  slice(
    path: string,
    range: { readonly from?: number; readonly bytes: number },
  ): Promise<{ readonly content: Uint8Array; readonly size: number } | undefined>;
}

/** What `GET /ready` answered; `undefined`: nobody did. */
export type Readiness =
  | { readonly ready: true }
  | { readonly ready: false; readonly code: string; readonly reason: string };

/** What a node is asked. */
export type AskedNode = Pick<NodeApi, "getChainTips" | "getPeers" | "getPendingTxs">;

/** All that starting and watching a network takes from the machine it runs on. */
export interface NetworkHost {
  readonly clock: Clock;
  readonly processes: ProcessTable;
  readonly files: NetworkFiles;
  readonly cores: number;
  freeBytes(): number;
  /** Whether somebody has a port of this machine already: listens on it or, of UDP, is bound to it. */
  isPortTaken(port: number, protocol: "tcp" | "udp"): Promise<boolean>;
  readiness(url: string): Promise<Readiness | undefined>;
  /** Whether an L1 answers. */
  isL1Ready(url: string): Promise<boolean>;
  node(url: string): AskedNode;
  /** A secret that nobody has seen. */
  newToken(): string;
}
