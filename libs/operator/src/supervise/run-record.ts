import { join } from "node:path";
import type { HostFiles, ProcessIdentity, ProcessTable } from "@sprtn/host";
import { isRecord } from "../host/json-http.js";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";

/** How a supervised node is. */
export type RunState = "running" | "waiting" | "ended" | "given-up" | "stopped";

/** What a supervisor notes about its node, in `run/node.json`. */
export interface RunRecord {
  readonly supervisor: ProcessIdentity;
  /** The node that it started last. */
  readonly node?: ProcessIdentity | undefined;
  readonly state: RunState;
  /** Since when it is so, ms since 1970. */
  readonly sinceMs: number;
  /** How often the node was started again. */
  readonly restarts: number;
  readonly lastEnd?:
    | { readonly code: number | null; readonly signal: string | null; readonly atMs: number }
    | undefined;
}

const VERSION = 1;
const states: readonly RunState[] = ["running", "waiting", "ended", "given-up", "stopped"];

/** Files of a running node. */
export const runPath = (directory: string, name: string): string => join(directory, "run", name);
/** The record of a supervisor. */
export const recordPath = (directory: string): string => runPath(directory, "node.json");
/** What the node says. */
export const logPath = (directory: string): string => runPath(directory, "node.log");

/** `undefined` when it never ran. @throws OperatorError BAD_RECORD; HostError FILE_ACCESS */
export async function readRunRecord(files: Pick<HostFiles, "read">, directory: string): Promise<RunRecord | undefined> {
  const path = recordPath(directory);
  const text = await files.read(path);
  if (text === undefined) return undefined;
  const record = recordFrom(text);
  if (record !== undefined) return record;
  throw new OperatorError(
    OperatorErrorCode.BAD_RECORD,
    `${path} is damaged, so that nothing is known of a node that may run: see with ps whether one does, end it, and ` +
      "delete the file",
    { path },
  );
}

/** @throws HostError FILE_ACCESS */
export async function writeRunRecord(
  files: Pick<HostFiles, "replace">,
  directory: string,
  record: RunRecord,
): Promise<void> {
  await files.replace(recordPath(directory), `${JSON.stringify({ version: VERSION, ...record }, null, 2)}\n`);
}

/** Whether the very process that was noted runs. */
export async function isRunning(
  { processes }: { readonly processes: Pick<ProcessTable, "isRunning"> },
  identity: ProcessIdentity | undefined,
): Promise<boolean> {
  return identity !== undefined && processes.isRunning(identity);
}

function recordFrom(text: string): RunRecord | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(content) || content.version !== VERSION) return undefined;
  const { supervisor, node, state, sinceMs, restarts, lastEnd } = content;
  const known = states.find(each => each === state);
  if (!isIdentity(supervisor) || known === undefined) return undefined;
  if (node !== undefined && !isIdentity(node)) return undefined;
  if (typeof sinceMs !== "number" || typeof restarts !== "number") return undefined;
  return {
    supervisor,
    ...(node === undefined ? {} : { node }),
    state: known,
    sinceMs,
    restarts,
    ...(isRecord(lastEnd) ? { lastEnd: lastEnd as unknown as NonNullable<RunRecord["lastEnd"]> } : {}),
  };
}

function isIdentity(value: unknown): value is ProcessIdentity {
  if (!isRecord(value)) return false;
  const { pid, started, boot } = value;
  // 0 and 1 stand for a group and for the system.
  return Number.isSafeInteger(pid) && Number(pid) > 1 && typeof started === "string" && typeof boot === "string";
}
