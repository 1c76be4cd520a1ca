import { countsOf, type LatencyCount, unpackHistogram } from "../measure/histogram.js";
import { type LoadKind, type LoadReport, measuredStages } from "./load-report.js";
import type { ReportView } from "./report-view.js";
import { plain } from "./text.js";

/** How much of a report its page draws; what is longer is merged. */
export interface ViewBounds {
  /** Points or columns over time. */
  readonly columns: number;
  readonly nodes: number;
}

/** Of the latency axis: enough for a smooth curve. */
const STEPS_A_DECADE = 24;
const ROWS_A_DECADE = 8;

/** What a report's page draws. @throws LoadError BAD_REPORT if a histogram cannot be read */
export function viewOf(report: LoadReport, bounds: ViewBounds): ReportView {
  const { whole, offered } = report.windows;
  const from = Math.min(0, whole.fromMs);
  return {
    fromMs: from,
    toMs: Math.max(from + 1_000, whole.toMs),
    offeredMs: offered.toMs,
    faults: report.faults
      .slice(0, 100)
      .map(({ do: what, node, fromMs, toMs }) => ({
        label: plain(node === null ? what : `${what} ${node}`, 40),
        fromMs,
        toMs,
      })),
    rates: ratesOf(report, bounds.columns),
    latency: curvesOf(report),
    heat: heatOf(report, bounds.columns),
    ...slotsOf(report, bounds.columns),
    nodes: nodesOf(report, bounds),
  };
}

/** The nodes that a page draws: those that were late most, in the report's order. */
export function nodesToShow(report: LoadReport, count: number): LoadReport["nodes"] {
  const lagOf = ({ samples }: LoadReport["nodes"][number]) =>
    samples.reduce((most, { loopLagMs }) => Math.max(most, loopLagMs), 0);
  const worst = new Set(report.nodes.toSorted((a, b) => lagOf(b) - lagOf(a)).slice(0, count));
  return report.nodes.filter(node => worst.has(node));
}

function ratesOf({ intervals, windows }: LoadReport, columns: number): ReportView["rates"] {
  const rates = { at: [], asked: [], sent: [], pending: [], proven: [] } as Record<keyof ReportView["rates"], number[]>;
  const size = Math.max(1, Math.ceil(intervals.length / columns));
  for (let i = 0; i < intervals.length; i += size) {
    const part = intervals.slice(i, i + size);
    const fromMs = part[0]?.fromMs ?? 0;
    const toMs = Math.max(
      fromMs + 1,
      intervals[i + size]?.fromMs ?? Math.min(fromMs + size * 10_000, windows.whole.toMs),
    );
    const sum = (field: "sent" | "pending" | "proven") => part.reduce((total, one) => total + one[field], 0);
    rates.at.push(Math.round((fromMs + toMs) / 2));
    rates.asked.push(rounded(part.reduce((total, { asked }) => total + asked, 0) / part.length));
    for (const field of ["sent", "pending", "proven"] as const)
      rates[field].push(rounded((1_000 * sum(field)) / (toMs - fromMs)));
  }
  return rates;
}

function curvesOf({ latency }: LoadReport): ReportView["latency"] {
  let [least, most] = [Infinity, 1];
  const curves = measuredStages.flatMap(stage =>
    Object.entries(latency[stage] ?? {}).map(([kind, { packed }]) => {
      const counts = countsOf(unpackHistogram(packed));
      least = Math.min(least, counts[0]?.ms ?? Infinity);
      most = Math.max(most, counts.at(-1)?.ms ?? 1);
      return { stage, kind: kind as LoadKind | "all", counts };
    }),
  );
  const ms = logSteps(Math.min(least, most), most, STEPS_A_DECADE);
  return { ms, curves: curves.map(({ counts, ...one }) => ({ ...one, share: sharesWithin(counts, ms) })) };
}

function sharesWithin(counts: readonly LatencyCount[], steps: readonly number[]): number[] {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  let [i, before] = [0, 0];
  return steps.map(step => {
    for (let next = counts[i]; next !== undefined && next.ms <= step; next = counts[++i]) before += next.count;
    return Number((before / Math.max(1, total)).toFixed(4));
  });
}

function heatOf({ intervals }: LoadReport, columns: number): ReportView["heat"] {
  const size = Math.max(1, Math.ceil(intervals.length / columns));
  let [least, most] = [Infinity, 1];
  const parts = measuredStages.map(stage => ({
    stage,
    counts: intervals.map(({ latency }) => {
      const packed = latency[stage];
      const counts = packed === undefined ? [] : countsOf(unpackHistogram(packed));
      least = Math.min(least, counts[0]?.ms ?? Infinity);
      most = Math.max(most, counts.at(-1)?.ms ?? 1);
      return counts;
    }),
  }));
  const bounds = logSteps(Math.min(least, most), most * 1.01, ROWS_A_DECADE);
  const rowOf = (ms: number) => {
    const above = bounds.findIndex(bound => bound > ms);
    return above === -1 ? bounds.length - 2 : Math.max(0, above - 1);
  };
  const stages = parts
    .filter(({ counts }) => counts.some(({ length }) => length > 0))
    .map(({ stage, counts }) => {
      const cells: number[] = [];
      for (let column = 0; column * size < counts.length; column++) {
        const rows = new Map<number, number>();
        for (const { ms, count } of counts.slice(column * size, (column + 1) * size).flat()) {
          const row = rowOf(ms);
          rows.set(row, (rows.get(row) ?? 0) + count);
        }
        for (const [row, count] of rows) cells.push(column, row, count);
      }
      return { stage, cells };
    });
  return { stepMs: size * 10_000, bounds, stages };
}

/** From at most `least` to at least `most`, as many to a tenfold as asked, rounded to three digits. */
function logSteps(least: number, most: number, aDecade: number): number[] {
  const first = Math.floor(Math.log10(Math.max(1, least)) * aDecade);
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(1, most)) * aDecade));
  const steps = Array.from({ length: last - first + 1 }, (_, i) =>
    Number((10 ** ((first + i) / aDecade)).toPrecision(3)),
  );
  return [...steps.slice(0, -1), Number((1.001 * 10 ** (last / aDecade)).toPrecision(4))];
}

function slotsOf({ slots, network }: LoadReport, columns: number): Pick<ReportView, "slots" | "blocks"> {
  const shown = slots.slice(0, SLOTS_SHOWN);
  const letters = shown.map(({ outcome, txs }) => (outcome === "block" && txs === 0 ? "-" : outcome[0]));
  const withBlock = slots.filter(({ proposalMs, quorumMs, l1Ms }) => (proposalMs ?? quorumMs ?? l1Ms) !== null);
  const size = Math.max(1, Math.ceil(withBlock.length / columns));
  const parts = Array.from({ length: Math.ceil(withBlock.length / size) }, (_, i) =>
    withBlock.slice(i * size, (i + 1) * size),
  );
  // Of blocks that share a point, the slowest is the one to see.
  const slowest = (field: "proposalMs" | "quorumMs" | "l1Ms") =>
    parts.map(part =>
      part.reduce<number | null>((most, one) => (one[field] === null ? most : Math.max(most ?? 0, one[field])), null),
    );
  return {
    slots: {
      at: shown.map(({ startMs }) => Math.round(startMs)),
      widthMs: network.slotDuration * 1_000,
      outcomes: letters.join(""),
    },
    blocks: {
      at: parts.map(part => Math.round(part[0]?.startMs ?? 0)),
      proposal: slowest("proposalMs"),
      quorum: slowest("quorumMs"),
      l1: slowest("l1Ms"),
    },
  };
}

/** Slots that the page draws; the rest is in report.json. */
export const SLOTS_SHOWN = 3_000;

function nodesOf(report: LoadReport, { columns, nodes }: ViewBounds): ReportView["nodes"] {
  return nodesToShow(report, nodes).map(({ name, samples }) => {
    const size = Math.max(1, Math.ceil(samples.length / columns));
    const parts = Array.from({ length: Math.ceil(samples.length / size) }, (_, i) =>
      samples.slice(i * size, (i + 1) * size),
    );
    const most = (field: "cores" | "rssBytes" | "loopLagMs" | "pool") =>
      parts.map(part => part.reduce((greatest, sample) => Math.max(greatest, sample[field]), 0));
    return {
      name: plain(name, 30),
      at: parts.map(part => Math.round(part[0]?.atMs ?? 0)),
      cores: most("cores").map(rounded),
      rss: most("rssBytes").map(bytes => Math.round(bytes / 1e6)),
      lag: most("loopLagMs").map(rounded),
      pool: most("pool"),
    };
  });
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
