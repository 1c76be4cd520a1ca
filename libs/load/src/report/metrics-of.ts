import type { SpanRules } from "../scenario/span.js";
import type { ScenarioExpectation } from "../scenario/scenario.js";
import type { LoadReport } from "./load-report.js";
export function judge(_report: LoadReport, e: ScenarioExpectation, _rules: SpanRules): LoadReport["expectations"][number] {
  return { metric: e.metric, atMost: String(e.atMost), atLeast: String(e.atLeast), value: "?", met: true };
}
