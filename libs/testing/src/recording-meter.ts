import type { Counter, Gauge, Histogram, HistogramOptions, Meter, MetricOptions } from "@sprtn/ports";

type Labels = Readonly<Record<string, string>>;

/** Keeps every metric's values for a test to read. */
export class RecordingMeter implements Meter {
  readonly #values = new Map<string, number>();
  readonly #observed = new Map<string, number[]>();

  /** What the counter adds up to or the gauge was set to last; `undefined` if never. */
  value(name: string, labels: Labels = {}): number | undefined {
    return this.#values.get(series(name, labels));
  }

  /** What the histogram observed, in order. */
  observations(name: string, labels: Labels = {}): readonly number[] {
    return this.#observed.get(series(name, labels)) ?? [];
  }

  counter<Label extends string = never>({ name }: MetricOptions<Label>): Counter<Label> {
    return {
      add: (value, labels) =>
        void this.#values.set(series(name, labels), (this.#values.get(series(name, labels)) ?? 0) + value),
    };
  }

  gauge<Label extends string = never>({ name }: MetricOptions<Label>): Gauge<Label> {
    return { set: (value, labels) => void this.#values.set(series(name, labels), value) };
  }

  histogram<Label extends string = never>({ name }: HistogramOptions<Label>): Histogram<Label> {
    return {
      observe: (value, labels) => {
        const key = series(name, labels);
        const values = this.#observed.get(key) ?? [];
        values.push(value);
        this.#observed.set(key, values);
      },
    };
  }
}

function series(name: string, labels: Labels = {}): string {
  const pairs = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${name}{${pairs.map(([label, value]) => `${label}=${value}`).join(",")}}`;
}
