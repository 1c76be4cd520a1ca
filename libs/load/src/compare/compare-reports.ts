import { SeededRandom } from "@sprtn/runtime";
import { countsOf, unpackHistogram } from "../measure/histogram.js";
import { LoadError, LoadErrorCode } from "../load-error.js";
import { type LoadReport, measuredStages } from "../report/load-report.js";
import { metricOf } from "../report/metrics-of.js";
import { drawIntervals, IntervalLatencies, middleOf } from "./bootstrap.js";

/** How one metric of a report differs from the same of another. */
export interface Difference {
  /** As in scenarios. */
  readonly metric: string;
  readonly a: number;
  readonly b: number;
  /** b ÷ a − 1; Infinity if a is 0 and b is not. */
  readonly change: number;
  /** The span in which the change of a repeated run would be, 95 of 100 times; undefined if the runs are too short. */
  readonly span: { readonly from: number; readonly to: number } | undefined;
  /** `none`: the span contains 0. `unknown`: there is no span. */
  readonly verdict: "more" | "less" | "none" | "unknown";
}

/** How a comparison resamples, and whether it minds that runs differ in kind. */
export interface CompareOptions {
  /** Draws the resamples: the same each time. */
  readonly seed: number;
  /** Of the bootstrap. */
  readonly resamples?: number;
  /** Compare what differs in more than what is to be compared. */
  readonly force?: boolean;
}

/** Of a bootstrap: enough for the ends of a span to stay where they are. */
const RESAMPLES = 1_000;
/** With fewer intervals, a resample is little else than the run itself. */
const MIN_INTERVALS = 12;
const percents = [50, 90, 99] as const;
const rates = { achieved: "sent", pending: "pending", proven: "proven" } as const;

/**
 * How `b` differs from `a`: the rates, and p50, p90 and p99 of each stage that both reached. Spans come from a block
 * bootstrap over the ten-second intervals; both runs are resampled at the same moments, as their load is the same. Of
 * some twenty figures, one differs by mere chance.
 * @throws LoadError NOT_COMPARABLE if the runs differ in what was asked, and `force` is not set
 */
export function compareReports(
  a: LoadReport,
  b: LoadReport,
  { seed, resamples = RESAMPLES, force = false }: CompareOptions,
): Difference[] {
  if (!force) checkComparable(a, b);
  const random = new SeededRandom(seed);
  const offered = [a, b].map(({ windows, intervals }) =>
    intervals.filter(({ fromMs }) => fromMs < windows.offered.toMs),
  ) as [LoadReport["intervals"], LoadReport["intervals"]];
  const differences: Difference[] = [];
  const rateDraws = drawAll(random.fork("rates"), Math.max(offered[0].length, offered[1].length), resamples);
  for (const [name, field] of Object.entries(rates)) {
    const counts = offered.map(intervals => intervals.map(interval => interval[field]));
    const meanOf = (list: readonly number[], drawn: Uint32Array) =>
      drawn.reduce((sum, index) => sum + (list[index] ?? 0), 0) / Math.max(1, list.length);
    const changes = rateDraws.map(drawn => ratio(meanOf(counts[0] ?? [], drawn), meanOf(counts[1] ?? [], drawn)));
    const difference = differenceOf({ a, b }, `rate.${name}`, changes);
    if (difference !== undefined) differences.push(difference);
  }
  const draws = drawAll(random.fork("latency"), Math.max(a.intervals.length, b.intervals.length), resamples);
  for (const stage of measuredStages) {
    if (a.latency[stage]?.all === undefined || b.latency[stage]?.all === undefined) continue;
    const [inA, inB] = [a, b].map(
      ({ intervals }) =>
        new IntervalLatencies(
          intervals.map(({ latency }) => {
            const packed = latency[stage];
            return packed === undefined ? [] : countsOf(unpackHistogram(packed));
          }),
        ),
    ) as [IntervalLatencies, IntervalLatencies];
    const pairs = draws.flatMap(drawn => {
      const [ofA, ofB] = [inA.percentiles(drawn, percents), inB.percentiles(drawn, percents)];
      return ofA === undefined || ofB === undefined ? [] : [{ ofA, ofB }];
    });
    for (const [i, percent] of percents.entries()) {
      const changes = pairs.map(({ ofA, ofB }) => ratio(ofA[i] ?? 0, ofB[i] ?? 0));
      const difference = differenceOf({ a, b }, `latency.${stage}.p${percent}`, changes);
      if (difference !== undefined) differences.push(difference);
    }
  }
  return differences;
}

function drawAll(random: SeededRandom, count: number, resamples: number): Uint32Array[] {
  return count < MIN_INTERVALS ? [] : Array.from({ length: resamples }, () => drawIntervals(random, count));
}

/** How a metric differs, given what the resamples tell; undefined if one of the reports lacks it. */
export function differenceOf(
  { a, b }: { readonly a: LoadReport; readonly b: LoadReport },
  metric: string,
  changes: readonly number[],
): Difference | undefined {
  const [ofA, ofB] = [metricOf(a, metric), metricOf(b, metric)];
  if (ofA === undefined || ofB === undefined) return undefined;
  const span = middleOf(changes.filter(change => !Number.isNaN(change)));
  const verdict = span === undefined ? "unknown" : span.from > 0 ? "more" : span.to < 0 ? "less" : "none";
  return { metric, a: ofA, b: ofB, change: ratio(ofA, ofB), span, verdict };
}

function ratio(a: number, b: number): number {
  return a === b ? 0 : b / a - 1;
}

/** A difference as a line, such as `latency.pending.p99 +3 % (−1…+8): no difference`. */
export function differenceText({ metric, change, span, verdict }: Difference): string {
  const signed = (value: number) => {
    if (!Number.isFinite(value)) return "from nothing";
    const digits = Math.abs(value) < 0.1 && verdict !== "none" ? 1 : 0;
    const text = (100 * Math.abs(value)).toFixed(digits);
    return Number(text) === 0 ? "±0" : `${value < 0 ? "−" : "+"}${text}`;
  };
  const words = { more: "more", less: "less", none: "no difference", unknown: "too short to tell" };
  const around = span === undefined ? "" : ` (${signed(span.from)}…${signed(span.to)})`;
  return `${metric} ${signed(change)}${Number.isFinite(change) ? " %" : ""}${around}: ${words[verdict]}`;
}

function checkComparable(a: LoadReport, b: LoadReport): void {
  const fields: readonly (readonly [string, (report: LoadReport) => unknown])[] = [
    ["network.density", ({ network }) => network.density],
    ["network.proofMode", ({ network }) => network.proofMode],
    ["scenario.proofs", ({ scenario }) => scenario.proofs],
    ["scenario.phases", ({ scenario }) => scenario.phases],
    ["scenario.mix", ({ scenario }) => scenario.mix],
    ["scenario.seed", ({ scenario }) => scenario.seed],
    ["scenario.warmup", ({ scenario }) => scenario.warmup],
    ["scenario.faults", ({ scenario }) => scenario.faults],
    ["network.slotDuration", ({ network }) => network.slotDuration],
  ];
  for (const [field, of] of fields) {
    const [ofA, ofB] = [JSON.stringify(of(a)), JSON.stringify(of(b))];
    if (ofA === ofB) continue;
    const short = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
    throw new LoadError(
      LoadErrorCode.NOT_COMPARABLE,
      `the reports differ in ${field}: ${short(ofA)} and ${short(ofB)}. Run the same scenario on networks of the ` +
        "same kind, or compare all the same with --force",
      { what: field },
    );
  }
}
