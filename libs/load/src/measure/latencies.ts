import { build, encodeIntoCompressedBase64, type Histogram } from "hdr-histogram-js";
import type { LoadKind, LoadReport, MeasuredStage } from "../report/load-report.js";

const make = () =>
  build({ bitBucketSize: "packed", lowestDiscernibleValue: 1, highestTrackableValue: 86_400_000, numberOfSignificantValueDigits: 3, useWebAssembly: false });

export class LatencyBook {
  readonly #all = new Map<string, Histogram>();
  readonly #intervals: Map<MeasuredStage, Histogram>[] = [];
  record({ stage, kind, ms, atMs }: { stage: MeasuredStage; kind: LoadKind; ms: number; atMs: number }): void {
    const value = Math.min(86_400_000, Math.max(1, Math.round(ms)));
    for (const key of [`${stage} ${kind}`, `${stage} all`]) {
      let h = this.#all.get(key);
      if (!h) this.#all.set(key, (h = make()));
      h.recordValue(value);
    }
    const i = Math.max(0, Math.floor(atMs / 10_000));
    const at = (this.#intervals[i] ??= new Map());
    let h = at.get(stage);
    if (!h) at.set(stage, (h = make()));
    h.recordValue(value);
  }
  summary(stage: MeasuredStage, kind: LoadKind | "all" = "all") {
    const h = this.#all.get(`${stage} ${kind}`);
    if (!h) return undefined;
    return { count: h.totalCount, meanMs: h.mean, p50Ms: h.getValueAtPercentile(50), p90Ms: h.getValueAtPercentile(90), p99Ms: h.getValueAtPercentile(99), maxMs: h.maxValue };
  }
  packed(): { latency: LoadReport["latency"]; intervals: readonly LoadReport["intervals"][number]["latency"][] } {
    const latency: any = {};
    for (const [key, h] of this.#all) {
      const [stage, kind] = key.split(" ") as [string, string];
      (latency[stage] ??= {})[kind] = { ...this.summary(stage as MeasuredStage, kind as LoadKind), packed: encodeIntoCompressedBase64(h) };
    }
    const intervals = Array.from(this.#intervals, at => Object.fromEntries([...(at ?? [])].map(([stage, h]) => [stage, encodeIntoCompressedBase64(h)])));
    return { latency, intervals };
  }
}
