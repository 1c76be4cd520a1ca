import { harmless } from "./harmless.js";

/** From the most to the least important, as the nodes log. */
const levels = ["error", "warn", "info", "verbose", "debug"] as const;
/** How important an entry is. */
export type EntryLevel = (typeof levels)[number];

/** What a program logged at once: a line, and those after it that carry no time. */
export interface LogEntry {
  readonly name: string;
  /** Absent for what comes before any line with a time. */
  readonly timeMs: number | undefined;
  readonly level: EntryLevel | undefined;
  readonly lines: readonly string[];
}

/** Which entries somebody wants to see. */
export interface EntryFilter {
  readonly sinceMs?: number | undefined;
  readonly level?: EntryLevel | undefined;
}

const timed = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([a-z]+) /;

/** Time and level of a line, if it begins with them. */
export function headOf(line: string): { readonly timeMs: number; readonly level: EntryLevel | undefined } | undefined {
  const match = timed.exec(line);
  if (match === null) return undefined;
  const timeMs = Date.parse(match[1] as string);
  return Number.isNaN(timeMs) ? undefined : { timeMs, level: levels.find(level => level === match[2]) };
}

/** What no level is known of is always shown: it may be the end of a program. */
export function isWanted({ timeMs, level }: LogEntry, { sinceMs, level: least }: EntryFilter): boolean {
  const late = sinceMs === undefined || (timeMs !== undefined && timeMs >= sinceMs);
  return late && (level === undefined || least === undefined || levels.indexOf(level) <= levels.indexOf(least));
}

/** Lines as they are shown: whose they are, without what could drive a terminal. */
export function shownEntry({ name, lines }: LogEntry, width: number): string {
  return lines.map(line => `${name.padEnd(width)}  ${harmless(line)}\n`).join("");
}
