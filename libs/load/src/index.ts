export { LoadError, LoadErrorCode } from "./load-error.js";
export { readScenario } from "./scenario/read-scenario.js";
export { type Scenario, type ScenarioFault, scenarioSchema } from "./scenario/scenario.js";
export { spanMs, type SpanRules } from "./scenario/span.js";
export { type LoadReport, loadReportSchema } from "./report/load-report.js";
export { cachedTerms } from "./run/cached-terms.js";
export type { FaultControl, RunningFault } from "./run/fault-control.js";
export { type LoadNode, type LoadProgress, PREPARED_AHEAD_MS, runLoad, type RunLoadDependencies, type RunLoadOptions } from "./run/run-load.js";
export type { Surroundings } from "./run/build-report.js";
