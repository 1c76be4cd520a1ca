export { LoadError, LoadErrorCode } from "./load-error.js";
export { readScenario } from "./scenario/read-scenario.js";
export { type Scenario, type ScenarioFault, scenarioSchema } from "./scenario/scenario.js";
export { spanMs, type SpanRules } from "./scenario/span.js";
export { type LoadReport, loadReportSchema } from "./report/load-report.js";
export { cachedTerms } from "./run/cached-terms.js";
export type { FaultControl, RunningFault } from "./run/fault-control.js";
export {
  type LoadNode,
  type LoadProgress,
  PREPARED_AHEAD_MS,
  runLoad,
  type RunLoadDependencies,
  type RunLoadOptions,
} from "./run/run-load.js";
export type { Surroundings } from "./run/build-report.js";
export { type LatencySummary, type MeasuredLatency } from "./measure/latencies.js";
export { checkExpectation, checkMetric, judge, metricNames, metricOf, type MetricUnit } from "./report/metrics-of.js";
export { readReport } from "./report/read-report.js";
export { drawArrivals, type Arrival, type Arrivals } from "./arrivals/draw-arrivals.js";
export { MAX_REPORT_BYTES, type ReportAssets, reportAssets, reportHtml } from "./report/write-report.js";
export { type CompareOptions, compareReports, type Difference, differenceText } from "./compare/compare-reports.js";
export { type FailIf, failsIf, readFailIf } from "./compare/fail-if.js";
export { textReport } from "./report/text-report.js";
