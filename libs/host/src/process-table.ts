/** A process, told from every other that ever has its number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, as the system tells it: a process that got the number later began later. */
  readonly started: string;
  /** The system's run: numbers and times start again with the next one. */
  readonly boot: string;
}

/** What to run. */
export interface ProcessStart<Program extends string = string> {
  readonly program: Program;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Its working folder; made if need be. */
  readonly folder: string;
  /** What it writes is added to this file. */
  readonly logFile: string;
}

/** Processes that go on without us. */
export interface ProcessTable<Program extends string = string> {
  /** @throws HostError FILE_ACCESS, DISK_FULL, NOT_STARTED */
  start(start: ProcessStart<Program>): Promise<ProcessIdentity>;
  isRunning(identity: ProcessIdentity): Promise<boolean>;
  /** Whether its working folder is another one than that, where that is told: it belongs to somebody else then. */
  worksElsewhere(identity: ProcessIdentity, folder: string): Promise<boolean>;
  /** What was started in a folder and runs, even if whoever started it had no time to note it, where that is told. */
  startedIn(where: Pick<ProcessStart<Program>, "folder" | "program">): Promise<ProcessIdentity | undefined>;
  /** Nothing happens if it has ended. */
  signal(identity: ProcessIdentity, signal: "SIGTERM" | "SIGKILL" | "SIGHUP" | "SIGSTOP" | "SIGCONT"): Promise<void>;
  /** Of this process. @throws HostError UNSUPPORTED */
  own(): Promise<ProcessIdentity>;
}
