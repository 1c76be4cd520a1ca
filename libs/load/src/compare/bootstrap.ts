import type { Random } from "@sprtn/ports";
import { randomBelow } from "@sprtn/runtime";

/** Neighbouring intervals are alike: they are drawn together, this many at once. */
const BLOCK = 3;
/** Share of the resamples that the span covers. */
const COVERED = 0.95;

/** Numbers of the intervals that a resample consists of: as many as there are, in blocks that wrap around. */
export function drawIntervals(random: Random, count: number): Uint32Array {
  const drawn = new Uint32Array(count);
  for (let i = 0; i < count; i += BLOCK) {
    const start = randomBelow(random, count);
    for (let k = 0; k < BLOCK && i + k < count; k++) drawn[i + k] = (start + k) % count;
  }
  return drawn;
}

/** The span that holds the middle 95 % of `values`, which are changed in order; undefined for none. */
export function middleOf(values: number[]): { readonly from: number; readonly to: number } | undefined {
  if (values.length === 0) return undefined;
  values.sort((a, b) => a - b);
  const at = (share: number) =>
    values[Math.min(values.length - 1, Math.max(0, Math.round(share * (values.length - 1))))];
  const tail = (1 - COVERED) / 2;
  return { from: at(tail) as number, to: at(1 - tail) as number };
}

/** Latencies of one stage in each interval, ready to be resampled. */
export class IntervalLatencies {
  /** Distinct latencies, ascending, ms. */
  readonly #ms: Float64Array;
  /** By interval: positions in `#ms` and counts, one after another. */
  readonly #rows: readonly Uint32Array[];
  readonly #sums: Float64Array;

  constructor(intervals: readonly (readonly { readonly ms: number; readonly count: number }[])[]) {
    const distinct = [...new Set(intervals.flatMap(counts => counts.map(({ ms }) => ms)))].sort((a, b) => a - b);
    const places = new Map(distinct.map((ms, place) => [ms, place]));
    this.#ms = Float64Array.from(distinct);
    this.#sums = new Float64Array(distinct.length);
    this.#rows = intervals.map(counts =>
      Uint32Array.from(counts.flatMap(({ ms, count }) => [places.get(ms) as number, count])),
    );
  }

  /**
   * The percentiles of the intervals that were drawn; those beyond the last have nothing. Undefined if all are empty.
   */
  percentiles(drawn: Uint32Array, percents: readonly number[]): number[] | undefined {
    this.#sums.fill(0);
    let total = 0;
    for (const index of drawn) {
      const row = this.#rows[index];
      if (row === undefined) continue;
      for (let i = 0; i + 1 < row.length; i += 2) {
        const [place, count] = [row[i] as number, row[i + 1] as number];
        this.#sums[place] = (this.#sums[place] as number) + count;
        total += count;
      }
    }
    if (total === 0) return undefined;
    const found: number[] = [];
    let [place, before] = [0, this.#sums[0] as number];
    for (const percent of percents) {
      const wanted = Math.max(1, Math.ceil((percent / 100) * total));
      while (before < wanted) before += this.#sums[++place] as number;
      found.push(this.#ms[place] as number);
    }
    return found;
  }
}
