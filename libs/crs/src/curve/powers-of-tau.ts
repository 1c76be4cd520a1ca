import { FIELD_MODULUS } from "@sprtn/primitives";
import { doublePoint, GENERATOR } from "./fq.js";
import { PointLanes } from "./point-lanes.js";

/** Points that are added at once: what they need stays in a core's cache, and their one inversion costs little. */
const BATCH = 4096;
/** A scalar is odd (or replaced by its negative), and half of it is written. */
const SCALAR_BITS = 254;

/**
 * The points tau^i·G of a structured reference string.
 *
 * A scalar is written in digits of `windowBits` bits each, all of them odd, between −2^windowBits and 2^windowBits: `k
 * = 2h + 1` has the digits `2·b_j + 1 − 2^windowBits` for the digits b_j
 * of h, but `2·b_j + 1` at the top. So each window takes exactly one addition, of a point or its negative from a table
 * of 2^(windowBits − 1) odd multiples, and no special case
 * comes up: the digits below a window are less than its own. An even scalar is replaced by r − k, and the point by its
 * negative.
 */
export class PowersOfTau {
  readonly #lanes: PointLanes;
  readonly #windows: number;
  /** Points of the table for each window. */
  readonly #odd: number;
  readonly #halves = new Uint32Array(8 * BATCH);
  readonly #entries = new Int32Array(BATCH);
  readonly #even = new Uint8Array(BATCH);

  constructor(private readonly settings: { readonly tau: bigint; readonly windowBits: number }) {
    this.#windows = Math.ceil(SCALAR_BITS / settings.windowBits);
    this.#odd = 2 ** (settings.windowBits - 1);
    this.#lanes = new PointLanes({ points: BATCH, table: this.#windows * this.#odd + 1 });
    this.#fillTable();
  }

  /**
   * The window size for which `points` points and the table take the fewest additions; up to 16 bits, 38 MB of table.
   */
  static windowBitsFor(points: number): number {
    const cost = (bits: number) => Math.ceil(SCALAR_BITS / bits) * (points + 2 ** (bits - 1));
    return [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16].reduce((best, bits) =>
      cost(bits) < cost(best) ? bits : best,
    );
  }

  /** Points `first` to `first + count − 1`, 64 bytes each: big-endian x and y. */
  points(first: number, count: number): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(64 * count);
    let scalar = power(this.settings.tau, first);
    for (let done = 0; done < count; done += BATCH) {
      const batch = Math.min(BATCH, count - done);
      for (let i = 0; i < batch; i++) {
        this.#setScalar(i, scalar);
        scalar = (scalar * this.settings.tau) % FIELD_MODULUS;
      }
      for (let window = 0; window < this.#windows; window++) this.#addWindow(window, batch);
      this.#lanes.writeTo(new DataView(out.buffer, 64 * done), batch, i => this.#even[i] === 1);
    }
    return out;
  }

  #setScalar(i: number, scalar: bigint): void {
    const even = (scalar & 1n) === 0n;
    this.#even[i] = even ? 1 : 0;
    let half = (even ? FIELD_MODULUS - scalar : scalar) >> 1n;
    for (let word = 0; word < 8; word += 2, half >>= 64n) {
      const low = BigInt.asUintN(64, half);
      this.#halves[8 * i + word] = Number(low & 0xffffffffn);
      this.#halves[8 * i + word + 1] = Number(low >> 32n);
    }
  }

  #addWindow(window: number, batch: number): void {
    const { windowBits } = this.settings;
    const bit = window * windowBits;
    const [word, shift] = [bit >> 5, bit & 31];
    const mask = 2 ** windowBits - 1;
    const odd = this.#odd;
    const halves = this.#halves;
    const table = window * odd;
    const top = window === this.#windows - 1;
    const entries = this.#entries.subarray(0, batch);
    for (let i = 0; i < batch; i++) {
      const next = word < 7 && shift > 0 ? (halves[8 * i + word + 1] as number) << (32 - shift) : 0;
      const digit = (((halves[8 * i + word] as number) >>> shift) | next) & mask;
      if (top) entries[i] = table + digit;
      else entries[i] = digit < odd ? ~(table + odd - 1 - digit) : table + digit - odd;
    }
    if (window === 0) return this.#lanes.load(entries);
    this.#lanes.loadOthers(entries);
    this.#lanes.add(batch);
  }

  /**
   * Entry `i` of window w is (2i + 1)·2^(w·windowBits)·G: the first m of them plus 2m times the first are the next m.
   */
  #fillTable(): void {
    const lanes = this.#lanes;
    const step = this.#windows * this.#odd;
    let base = GENERATOR;
    for (let window = 0; window < this.#windows; window++) {
      const table = window * this.#odd;
      lanes.writeTable(table, base);
      for (let m = 1; m < this.#odd; m *= 2) {
        base = doublePoint(base);
        lanes.writeTable(step, base);
        for (let from = 0; from < m; from += BATCH) {
          const batch = Math.min(BATCH, m - from);
          lanes.load(this.#entries.subarray(0, batch).map((_, i) => table + from + i));
          lanes.loadOthers(this.#entries.subarray(0, batch).fill(step));
          lanes.add(batch);
          for (let i = 0; i < batch; i++) lanes.keep(i, table + m + from + i);
        }
      }
      base = doublePoint(base);
    }
  }
}

function power(base: bigint, exponent: number): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * square) % FIELD_MODULUS;
    square = (square * square) % FIELD_MODULUS;
  }
  return result;
}
