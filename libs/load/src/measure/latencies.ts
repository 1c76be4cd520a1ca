import {
  loadKinds,
  type LoadKind,
  type LoadReport,
  measuredStages,
  type MeasuredStage,
} from "../report/load-report.js";
import { type LatencyHistogram, newHistogram, packHistogram, recordLatency, unpackHistogram } from "./histogram.js";

/** Length of an interval, ms. */
const LATENCY_INTERVAL_MS = 10_000;
/** As many as a report may have; what comes later counts in the last one. */
const MAX_INTERVALS = 100_000;
/** Intervals whose histograms are in memory as such: the current one, and those of which nodes still tell. */
const OPEN_INTERVALS = 3;

/** The figures of a histogram that people ask for, ms. */
export interface LatencySummary {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** One latency that was measured. */
export interface MeasuredLatency {
  readonly stage: MeasuredStage;
  readonly kind: LoadKind;
  /** From the moment for which the payment was intended. */
  readonly ms: number;
  /** When the stage was reached, ms since the run began. */
  readonly atMs: number;
}

type Packed = LoadReport["intervals"][number]["latency"];

/** All latencies of a run: a histogram for each stage and kind, and one for each stage in every ten seconds. */
export class LatencyBook {
  readonly #whole = new Map<MeasuredStage, Map<LoadKind | "all", LatencyHistogram>>();
  /** By the number of the interval. */
  readonly #open = new Map<number, Map<MeasuredStage, LatencyHistogram>>();
  readonly #packed = new Map<number, Packed>();

  record({ stage, kind, ms, atMs }: MeasuredLatency): void {
    const kinds = entryOf(this.#whole, stage, () => new Map<LoadKind | "all", LatencyHistogram>());
    for (const key of [kind, "all"] as const) recordLatency(entryOf(kinds, key, newHistogram), ms);
    const index = Math.min(MAX_INTERVALS - 1, Math.max(0, Math.floor(atMs / LATENCY_INTERVAL_MS)));
    recordLatency(entryOf(this.#interval(index), stage, newHistogram), ms);
  }

  /** Figures so far; undefined if nothing reached the stage. */
  summary(stage: MeasuredStage, kind: LoadKind | "all" = "all"): LatencySummary | undefined {
    const histogram = this.#whole.get(stage)?.get(kind);
    return histogram && summarize(histogram);
  }

  /**
   * As a report has it. Stages and kinds that nothing reached are absent; `intervals` ends with the last that has any.
   */
  packed(): { readonly latency: LoadReport["latency"]; readonly intervals: readonly Packed[] } {
    const latency: LoadReport["latency"] = {};
    for (const stage of measuredStages) {
      const kinds = this.#whole.get(stage);
      if (kinds === undefined) continue;
      const rows: NonNullable<LoadReport["latency"][MeasuredStage]> = {};
      for (const kind of [...loadKinds, "all"] as const) {
        const histogram = kinds.get(kind);
        if (histogram !== undefined) rows[kind] = { ...summarize(histogram), packed: packHistogram(histogram) };
      }
      latency[stage] = rows;
    }
    let last = -1;
    for (const indexes of [this.#packed.keys(), this.#open.keys()])
      for (const index of indexes) last = Math.max(last, index);
    const intervals = Array.from({ length: last + 1 }, (_, index) => {
      const open = this.#open.get(index);
      return open === undefined ? (this.#packed.get(index) ?? {}) : packStages(open);
    });
    return { latency, intervals };
  }

  #interval(index: number): Map<MeasuredStage, LatencyHistogram> {
    const open = this.#open.get(index);
    if (open !== undefined) return open;
    while (this.#open.size >= OPEN_INTERVALS) {
      const oldest = Math.min(...this.#open.keys());
      this.#packed.set(oldest, packStages(this.#open.get(oldest) as Map<MeasuredStage, LatencyHistogram>));
      this.#open.delete(oldest);
    }
    const before = this.#packed.get(index) ?? {};
    this.#packed.delete(index);
    const histograms = new Map<MeasuredStage, LatencyHistogram>();
    for (const stage of measuredStages) {
      const packed = before[stage];
      if (packed !== undefined) histograms.set(stage, unpackHistogram(packed));
    }
    this.#open.set(index, histograms);
    return histograms;
  }
}

/** Figures of a histogram with at least one latency. */
function summarize(histogram: LatencyHistogram): LatencySummary {
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile);
  return {
    count: histogram.totalCount,
    meanMs: histogram.mean,
    p50Ms: at(50),
    p90Ms: at(90),
    p99Ms: at(99),
    maxMs: histogram.maxValue,
  };
}

function packStages(histograms: ReadonlyMap<MeasuredStage, LatencyHistogram>): Packed {
  const packed: Packed = {};
  for (const [stage, histogram] of histograms) packed[stage] = packHistogram(histogram);
  return packed;
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
