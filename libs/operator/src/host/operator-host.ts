import type { HostFiles, ProcessTable } from "@sprtn/host";
import type { Clock } from "@sprtn/ports";

/** One call of JSON-RPC. */
export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What the machine says about itself. */
export interface MachineFacts {
  readonly nodeVersion: string;
  readonly freeMemoryBytes: number;
  /** Files that a process may have open; absent where the system does not tell. */
  readonly openFiles?: number | undefined;
}

/** The programs that an operator's command starts by itself. */
export type OperatorProgram = "supervisor";

/** All that an operator's commands take from the machine that they run on. */
export interface OperatorHost {
  readonly clock: Clock;
  readonly files: HostFiles;
  readonly processes: ProcessTable<OperatorProgram>;
  isPortTaken(port: number, address: string): Promise<boolean>;
  isUdpPortTaken(port: number, address: string): Promise<boolean>;
  /** A GET's status and JSON; `undefined`: nobody answered in time. */
  get(url: string, timeoutMs: number): Promise<{ readonly status: number; readonly body: unknown } | undefined>;
  /**
   * The results, in the order of the calls. @throws OperatorError UNREACHABLE, BAD_ANSWER, or REFUSED with what was
   * answered instead of a result
   */
  call(url: string, calls: readonly RpcCall[], timeoutMs: number): Promise<readonly unknown[]>;
  facts(): Promise<MachineFacts>;
  /** Bytes that can still be written where `path` is; `path` exists. */
  freeDiskBytes(path: string): Promise<number>;
  /** Permission bits of a file; `undefined` when there is none. */
  modeOf(path: string): Promise<number | undefined>;
  /** 32 random bytes in hex, without 0x. */
  newSecret(): string;
}
