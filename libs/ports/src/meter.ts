/** A metric's name, as Prometheus wants it, its help text, its labels. */
export interface MetricOptions<Label extends string> {
  /** snake_case with its unit at the end: `sprtn_sequencer_build_seconds`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

/** A histogram's upper bounds besides; values are in the unit that the name ends with. */
export interface HistogramOptions<Label extends string> extends MetricOptions<Label> {
  /** Upper bounds, ascending, in the metric's unit. */
  readonly buckets: readonly number[];
}

/** A number that only grows. */
export interface Counter<Label extends string = never> {
  add(value: number, labels?: Readonly<Record<Label, string>>): void;
}

/** A number that is set. */
export interface Gauge<Label extends string = never> {
  set(value: number, labels?: Readonly<Record<Label, string>>): void;
}

/** Observations, counted by size. */
export interface Histogram<Label extends string = never> {
  observe(value: number, labels?: Readonly<Record<Label, string>>): void;
}

/** Makes metrics; asking for a name again returns the same metric. */
export interface Meter {
  counter<Label extends string = never>(options: MetricOptions<Label>): Counter<Label>;
  gauge<Label extends string = never>(options: MetricOptions<Label>): Gauge<Label>;
  histogram<Label extends string = never>(options: HistogramOptions<Label>): Histogram<Label>;
}
