import { LoadError, LoadErrorCode } from "../load-error.js";
import type { LoadReport } from "../report/load-report.js";
import { checkMetric } from "../report/metrics-of.js";
import { type Difference, differenceOf } from "./compare-reports.js";

/** A change that makes a comparison fail. */
export interface FailIf {
  readonly metric: string;
  readonly direction: "more" | "less";
  /** A share, such as 0.1 for 10 %. */
  readonly by: number;
}

const pattern = /^ *([a-z0-9.-]{1,64}) *([<>]) *([-−]?)(\d{1,6}(?:\.\d{1,3})?) *% *$/;

/**
 * `latency.pending.p99>10%`: more than a tenth more. `rate.pending<5%` or `rate.pending<-5%`: more than 5 % less.
 * @throws LoadError BAD_SCENARIO if it is none, or names no metric
 */
export function readFailIf(text: string): FailIf {
  const match = pattern.exec(text);
  const [, metric, sign, minus, percent] = match ?? [];
  if (metric === undefined || (sign === ">" && minus !== ""))
    throw new LoadError(
      LoadErrorCode.BAD_SCENARIO,
      `${text.slice(0, 100)} is no condition: write one such as latency.pending.p99>10% or rate.pending<-5%`,
    );
  checkMetric(metric);
  return { metric, direction: sign === ">" ? "more" : "less", by: Number(percent) / 100 };
}

/**
 * Whether `b` is worse than `a` by more than allowed: the change is greater, and it is none by chance. A metric without
 * a span counts as it is. What a report does not tell fails as well.
 */
export function failsIf(
  reports: { readonly a: LoadReport; readonly b: LoadReport },
  differences: readonly Difference[],
  { metric, direction, by }: FailIf,
): boolean {
  const difference = differences.find(one => one.metric === metric) ?? differenceOf(reports, metric, []);
  if (difference === undefined) return true;
  const { change, verdict } = difference;
  const isBeyond = direction === "more" ? change > by : change < -by;
  return isBeyond && (verdict === direction || verdict === "unknown");
}
