import { counted, Field, fieldToHex } from "@sprtn/primitives";
import type { NetworkStatus, NodeStatus } from "./network-status.js";

const heads = ["name", "state", "pending", "proven", "finalized", "peers", "pool", "pid", "age"];

/** A status for people: a line a node, then what is wrong. */
export function statusTable({ nodes, problems, parameters }: NetworkStatus): string {
  const { preset, cluster, proving, sequencers, committeeSize, slotDuration, epochDuration } = parameters;
  const title =
    `${preset} · ${cluster} · ${counted(sequencers, "sequencer")}, committee ${committeeSize} · ` +
    `slots of ${slotDuration} s, epochs of ${epochDuration} · ` +
    `proofs ${proving === "simulated" ? "SIMULATED" : proving}`;
  const rows = [heads, ...nodes.map(cellsOf)];
  const widths = heads.map((_, column) => Math.max(...rows.map(row => (row[column] as string).length)));
  const table = rows.map(row =>
    row
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number),
      )
      .join("  ")
      .trimEnd(),
  );
  const end = problems.length === 0 ? ["all well"] : problems.map(problem => `FAIL  ${problem}`);
  return `${[title, ...table, ...end].join("\n")}\n`;
}

/** A status for programs: hashes as their 32 bytes in hex. */
export function statusJson(status: NetworkStatus): string {
  return JSON.stringify(status, (_, value: unknown) => (typeof value === "bigint" ? fieldToHex(Field(value)) : value));
}

function cellsOf({ name, state, readiness, tips, peers, pool, pid, ageMs }: NodeStatus): string[] {
  const ready =
    state !== "running" ? state : readiness === undefined ? "no answer" : readiness.ready ? "ready" : readiness.code;
  return [
    name,
    ready,
    shown(tips?.pending.number),
    shown(tips?.proven.number),
    shown(tips?.finalized.number),
    shown(peers),
    pool === 1_000 ? "1000+" : shown(pool),
    shown(pid),
    ageMs === undefined ? "-" : shownAge(ageMs),
  ];
}

function shown(number: number | undefined): string {
  return number === undefined ? "-" : String(number);
}

/** `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. */
function shownAge(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [minutes, hours, days] = [60, 3600, 86_400].map(size => Math.floor(seconds / size)) as [number, number, number];
  if (days > 0) return `${days} d ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min` : `${seconds} s`;
}
