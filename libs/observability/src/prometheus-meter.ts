import type { Counter, Gauge, Histogram, HistogramOptions, Meter, MetricOptions } from "@sprtn/ports";
import { messageOf } from "@sprtn/primitives";
import * as prometheus from "prom-client";
import { ObservabilityError, ObservabilityErrorCode } from "./observability-error.js";

interface Made {
  /** What a second request for the name must agree with. */
  readonly shape: string;
  readonly metric: unknown;
}

/** Metrics in their own registry, as text for Prometheus. */
export class PrometheusMeter implements Meter {
  readonly #registry = new prometheus.Registry();
  readonly #made = new Map<string, Made>();

  /** The exposition format's MIME type. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  metricsText(): Promise<string> {
    return this.#registry.metrics();
  }

  counter<Label extends string = never>(options: MetricOptions<Label>): Counter<Label> {
    return this.#make("counter", options, base => {
      const counter = new prometheus.Counter<Label>(base);
      return {
        add: (value: number, labels?: Readonly<Record<Label, string>>) => {
          if (!(value >= 0)) throw badValue(options.name, value, "a number of at least 0");
          counter.inc(labelled<Label>(labels), value);
        },
      };
    });
  }

  gauge<Label extends string = never>(options: MetricOptions<Label>): Gauge<Label> {
    return this.#make("gauge", options, base => {
      const gauge = new prometheus.Gauge<Label>(base);
      return {
        set: (value: number, labels?: Readonly<Record<Label, string>>) => {
          if (Number.isNaN(value)) throw badValue(options.name, value, "a number");
          gauge.set(labelled<Label>(labels), value);
        },
      };
    });
  }

  histogram<Label extends string = never>(options: HistogramOptions<Label>): Histogram<Label> {
    return this.#make(`histogram ${options.buckets.join(" ")}`, options, base => {
      const histogram = new prometheus.Histogram<Label>({ ...base, buckets: [...options.buckets] });
      return {
        observe: (value: number, labels?: Readonly<Record<Label, string>>) => {
          if (Number.isNaN(value)) throw badValue(options.name, value, "a number");
          histogram.observe(labelled<Label>(labels), value);
        },
      };
    });
  }

  /** The metric of that name; throws METRIC_CLASH if it is another one, BAD_METRIC if Prometheus refuses it. */
  #make<Label extends string, M>(
    kind: string,
    options: MetricOptions<Label>,
    build: (base: { name: string; help: string; labelNames: Label[]; registers: prometheus.Registry[] }) => M,
  ): M {
    const { name, help, labels = [] } = options;
    const shape = `${kind} {${labels.toSorted().join(",")}}`;
    const known = this.#made.get(name);
    if (known) {
      if (known.shape === shape) return known.metric as M;
      throw new ObservabilityError(
        ObservabilityErrorCode.METRIC_CLASH,
        `metric ${name} is ${known.shape} and cannot be ${shape} as well: give one of them another name`,
        { metric: name },
      );
    }
    try {
      const metric = build({ name, help, labelNames: [...labels], registers: [this.#registry] });
      this.#made.set(name, { shape, metric });
      return metric;
    } catch (cause) {
      throw new ObservabilityError(
        ObservabilityErrorCode.BAD_METRIC,
        `metric ${name} cannot be made: ${messageOf(cause)}; use snake_case names, a help text and ascending buckets`,
        { metric: name },
        { cause },
      );
    }
  }
}

function labelled<Label extends string>(
  labels: Readonly<Record<Label, string>> | undefined,
): Partial<Record<Label, string>> {
  return labels ?? {};
}

function badValue(metric: string, value: number, expected: string): ObservabilityError {
  return new ObservabilityError(ObservabilityErrorCode.BAD_VALUE, `${metric} cannot take ${value}: give ${expected}`, {
    metric,
  });
}
