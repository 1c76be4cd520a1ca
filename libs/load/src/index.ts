export { LoadError, LoadErrorCode } from "./load-error.js";
export { readScenario } from "./scenario/read-scenario.js";
export { type Scenario, scenarioSchema } from "./scenario/scenario.js";
export { type LoadReport, loadReportSchema } from "./report/load-report.js";
