import { CodedError } from "@sprtn/primitives";

/** A metric that is misnamed or asked for in two shapes, a value that it cannot take, a log sink that lags or fails. */
export enum ObservabilityErrorCode {
  /** A metric's name, labels or buckets are not what Prometheus takes. */
  BAD_METRIC = "OBSERVABILITY_BAD_METRIC",
  /** One name for two metrics that differ. */
  METRIC_CLASH = "OBSERVABILITY_METRIC_CLASH",
  /** A value that the metric cannot take: a counter that sinks, or no number. */
  BAD_VALUE = "OBSERVABILITY_BAD_VALUE",
  /** A sink takes lines more slowly than they come. */
  LOG_OVERFLOW = "OBSERVABILITY_LOG_OVERFLOW",
  LOG_FILE = "OBSERVABILITY_LOG_FILE",
}

export class ObservabilityError extends CodedError<ObservabilityErrorCode, { readonly metric?: string }> {}
