export { ObservabilityError, ObservabilityErrorCode } from "./observability-error.js";
export { ProcessMetrics, type ProcessMetricsDependencies } from "./process-metrics.js";
export { PrometheusMeter } from "./prometheus-meter.js";
export { createLogger, type LoggerDependencies, type RootLogger } from "./winston-logger.js";
