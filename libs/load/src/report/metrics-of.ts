import { LoadError, LoadErrorCode } from "../load-error.js";
import type { ScenarioExpectation } from "../scenario/scenario.js";
import { spanMs, type SpanRules } from "../scenario/span.js";
import { loadKinds, type LoadKind, type LoadReport, measuredStages, type MeasuredStage } from "./load-report.js";

/** What a metric is counted in; rates are payments a second. */
export type MetricUnit = "count" | "ratio" | "rate" | "ms" | "bytes" | "cores";

interface Metric {
  readonly unit: MetricUnit;
  /** Undefined if there is nothing to tell, such as the latency of what nothing reached. */
  readonly of: (report: LoadReport) => number | undefined;
}

const outcomes = ["due", "unsent", "refused", "dropped", "lost", "reached", "reverted"] as const;
const fields = { p50: "p50Ms", p90: "p90Ms", p99: "p99Ms", max: "maxMs", mean: "meanMs" } as const;

const slotsThatWere = (report: LoadReport, ...wanted: readonly LoadReport["slots"][number]["outcome"][]) =>
  report.slots.filter(({ outcome }) => wanted.includes(outcome)).length;

function greatestOf(field: "rssBytes" | "loopLagMs" | "cores" | "pool"): Metric["of"] {
  return ({ nodes }) => {
    let greatest: number | undefined;
    for (const { samples } of nodes) for (const sample of samples) greatest = Math.max(greatest ?? 0, sample[field]);
    return greatest;
  };
}

const metrics: ReadonlyMap<string, Metric> = new Map<string, Metric>([
  ...outcomes.map(
    name => [`outcome.${name}`, { unit: "count", of: report => report.outcomes[name] }] as [string, Metric],
  ),
  ["achieved.ratio", { unit: "ratio", of: ({ rates }) => rates.ratio }],
  ["rate.asked", { unit: "rate", of: ({ rates }) => rates.asked }],
  ["rate.achieved", { unit: "rate", of: ({ rates }) => rates.achieved }],
  ["rate.pending", { unit: "rate", of: ({ rates }) => rates.pending.offered }],
  ["rate.pending.whole", { unit: "rate", of: ({ rates }) => rates.pending.whole }],
  ["rate.proven", { unit: "rate", of: ({ rates }) => rates.proven.offered }],
  ["rate.proven.whole", { unit: "rate", of: ({ rates }) => rates.proven.whole }],
  ...measuredStages.flatMap(stage =>
    ["all" as const, ...loadKinds].flatMap(kind => Object.keys(fields).map(field => latencyMetric(stage, kind, field))),
  ),
  ["slots.blocks", { unit: "count", of: report => slotsThatWere(report, "block") }],
  ["slots.empty", { unit: "count", of: report => slotsThatWere(report, "empty") }],
  ["slots.removed", { unit: "count", of: report => slotsThatWere(report, "removed") }],
  [
    "slots.missed-ratio",
    {
      unit: "ratio",
      of: report => {
        const known = slotsThatWere(report, "block", "empty", "removed");
        return known === 0 ? undefined : slotsThatWere(report, "empty", "removed") / known;
      },
    },
  ],
  ["nodes.max-rss", { unit: "bytes", of: greatestOf("rssBytes") }],
  ["nodes.max-lag", { unit: "ms", of: greatestOf("loopLagMs") }],
  ["nodes.max-cores", { unit: "cores", of: greatestOf("cores") }],
  ["nodes.max-pool", { unit: "count", of: greatestOf("pool") }],
]);

function latencyMetric(stage: MeasuredStage, kind: LoadKind | "all", field: string): [string, Metric] {
  const key = fields[field as keyof typeof fields];
  return [
    kind === "all" ? `latency.${stage}.${field}` : `latency.${stage}.${kind}.${field}`,
    { unit: "ms", of: ({ latency }) => latency[stage]?.[kind]?.[key] },
  ];
}

/** The names of all metrics. */
export const metricNames: readonly string[] = [...metrics.keys()];

/**
 * What a metric is counted in, if there is one of that name.
 * @throws LoadError BAD_SCENARIO, which names metrics that are similar
 */
export function checkMetric(name: string): MetricUnit {
  const metric = metrics.get(name);
  if (metric !== undefined) return metric.unit;
  const area = name.split(".", 1)[0] ?? "";
  const alike = metricNames.filter(one => one.startsWith(`${area}.`)).slice(0, 8);
  const areas = new Set(metricNames.map(one => one.split(".", 1)[0]));
  const advice = alike.length > 0 ? `take one such as ${alike.join(", ")}` : `they begin with ${[...areas].join(", ")}`;
  throw new LoadError(LoadErrorCode.BAD_SCENARIO, `there is no metric ${name.slice(0, 100)}: ${advice}`);
}

/**
 * Whether a run can tell about an expectation: to be asked before it.
 * @throws LoadError BAD_SCENARIO if the metric does not exist, or is no time and its limit a span
 */
export function checkExpectation({ metric, atMost, atLeast }: ScenarioExpectation): void {
  const unit = checkMetric(metric);
  if (unit !== "ms" && [atMost, atLeast].some(limit => typeof limit === "string"))
    throw new LoadError(LoadErrorCode.BAD_SCENARIO, `${metric} is no time: give its limit as a number, without a unit`);
}

/**
 * A metric of a report, in its unit; undefined if the run tells nothing about it.
 * @throws LoadError BAD_SCENARIO if there is no such metric
 */
export function metricOf(report: LoadReport, name: string): number | undefined {
  checkMetric(name);
  return metrics.get(name)?.of(report);
}

/**
 * Whether a report is as expected. A metric about which it tells nothing is not. Limits of times may be spans or ms.
 * @throws LoadError BAD_SCENARIO as {@link checkExpectation}
 */
export function judge(
  report: LoadReport,
  expectation: ScenarioExpectation,
  rules: SpanRules,
): LoadReport["expectations"][number] {
  checkExpectation(expectation);
  const { metric, atMost, atLeast } = expectation;
  const unit = checkMetric(metric);
  const value = metricOf(report, metric);
  const limit = (bound: number | string) => (typeof bound === "string" ? spanMs(bound, rules) : bound);
  const met =
    value !== undefined &&
    (atMost === undefined || value <= limit(atMost)) &&
    (atLeast === undefined || value >= limit(atLeast));
  const text = (bound: number | string | undefined) =>
    bound === undefined ? null : typeof bound === "string" ? bound : metricText(bound, unit);
  return {
    metric,
    atMost: text(atMost),
    atLeast: text(atLeast),
    value: value === undefined ? "nothing" : metricText(value, unit),
    met,
  };
}

/** A figure with its unit, as exact as a limit may be. */
function metricText(value: number, unit: MetricUnit): string {
  const number = Number(unit === "ms" || unit === "bytes" ? value.toFixed(0) : value.toPrecision(6));
  return unit === "ms" || unit === "bytes" ? `${number} ${unit}` : unit === "rate" ? `${number}/s` : String(number);
}
