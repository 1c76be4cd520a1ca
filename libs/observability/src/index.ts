export { BroadcastJournal } from "./broadcast-journal.js";
export { ObservabilityError, ObservabilityErrorCode } from "./observability-error.js";
export { ProcessMetrics, type ProcessMetricsDependencies, type ProcessUse } from "./process-metrics.js";
export { PrometheusMeter } from "./prometheus-meter.js";
export { createLogger, type LoggerDependencies, type RootLogger } from "./winston-logger.js";
