import { LIMB_BITS, LIMB_MASK, LIMBS, PAIR_BYTES, toLimbs } from "@sprtn/field-hasher/simd";
import { FQ_MODULUS } from "./fq.js";
import { FqLanes } from "./fq-lanes.js";

const modulus = Int32Array.from(toLimbs(FQ_MODULUS));
const twiceModulus = Int32Array.from(toLimbs(2n * FQ_MODULUS));
const POINT_WORDS = 2 * LIMBS;
const PAIR_WORDS = PAIR_BYTES / 4;

/**
 * Points in pairs and additions of as many pairs as fit, at the price of six products each: all of them share one
 * inversion (Montgomery's trick). Points are affine; the sum of a point
 * with itself, its negative or infinity must not come up. Point i lies in lane i mod 2 of pair i div 2.
 */
export class PointLanes {
  readonly field: FqLanes;
  readonly #x: number;
  readonly #y: number;
  readonly #otherX: number;
  readonly #otherY: number;
  readonly #differences: number;
  readonly #products: number;
  readonly #scratch: readonly [number, number, number, number];
  readonly #table: number;

  /** @param sizes points that are added at once (an even number), and points that the table can keep */
  constructor(readonly sizes: { readonly points: number; readonly table: number }) {
    const pairs = sizes.points / 2;
    this.field = new FqLanes((6 * pairs + 5) * PAIR_BYTES + sizes.table * POINT_WORDS * 4);
    const allocate = (count: number) => this.field.allocate(count * PAIR_BYTES);
    this.#x = allocate(pairs);
    this.#y = allocate(pairs);
    this.#otherX = allocate(pairs);
    this.#otherY = allocate(pairs);
    this.#differences = allocate(pairs);
    this.#products = allocate(pairs + 1);
    this.#scratch = [allocate(1), allocate(1), allocate(1), allocate(1)];
    this.#table = this.field.allocate(sizes.table * POINT_WORDS * 4);
  }

  /** Sets point `i` of the table. */
  writeTable(i: number, point: { readonly x: bigint; readonly y: bigint }): void {
    const [x, y] = this.#scratch;
    this.field.write(x, point.x);
    this.field.write(y, point.y);
    this.#copyToTable(i, x / 4, y / 4);
  }

  /** Puts point `i` where the table has its point `entry`. */
  keep(i: number, entry: number): void {
    const lane = this.#laneOf(i);
    this.#copyToTable(entry, this.#x / 4 + lane, this.#y / 4 + lane);
  }

  /** Sets points 0, 1, … to the table's points of these numbers; ~n stands for the negative of point n. */
  load(entries: Int32Array): void {
    this.#copyFromTable(this.#x, this.#y, entries);
  }

  /** Sets what `add` will add to points 0, 1, …, likewise. */
  loadOthers(entries: Int32Array): void {
    this.#copyFromTable(this.#otherX, this.#otherY, entries);
  }

  /** Adds their partners to the first `count` points; if that is odd, the next point's sum is meaningless. */
  add(count: number): void {
    const { field } = this;
    const end = PAIR_BYTES * Math.ceil(count / 2);
    if (count % 2 === 1) this.#duplicateLane(count);
    field.copy(this.#products, field.one);
    for (let at = 0; at < end; at += PAIR_BYTES) {
      field.subtract(this.#differences + at, this.#otherX + at, this.#x + at);
      field.multiply(this.#products + at + PAIR_BYTES, this.#products + at, this.#differences + at);
    }
    const [inverse, slope, sum, other] = this.#scratch;
    field.invert(inverse, this.#products + end);
    for (let at = end - PAIR_BYTES; at >= 0; at -= PAIR_BYTES) {
      const [x, y] = [this.#x + at, this.#y + at];
      field.subtract(other, this.#otherY + at, y);
      field.multiply(slope, inverse, this.#products + at);
      field.multiply(inverse, inverse, this.#differences + at);
      field.multiply(slope, slope, other);
      field.square(sum, slope);
      field.subtractBoth(sum, x, this.#otherX + at);
      field.subtract(other, x, sum);
      field.multiply(other, other, slope);
      field.subtract(y, other, y);
      field.reduce(y);
      field.copy(x, sum);
    }
  }

  /**
   * Writes the first `count` points as 64 bytes each, big-endian x and y, and the negatives of those that `negative`
   * tells. The points are lost.
   */
  writeTo(bytes: DataView, count: number, negative: (i: number) => boolean): void {
    const { field } = this;
    for (let i = 0; i < count; i += 2) {
      const [x, y] = [this.#x + (PAIR_BYTES * i) / 2, this.#y + (PAIR_BYTES * i) / 2];
      field.multiply(x, x, field.plainOne);
      field.multiply(y, y, field.plainOne);
      for (let lane = 0; lane < 2 && i + lane < count; lane++) {
        this.#writeElement(x / 4 + lane, bytes, 64 * (i + lane));
        if (negative(i + lane)) subtractFrom(modulus, field.words, y / 4 + lane);
        this.#writeElement(y / 4 + lane, bytes, 64 * (i + lane) + 32);
      }
    }
  }

  /** Makes lane `i` the same as the one before. */
  #duplicateLane(i: number): void {
    for (const base of [this.#x, this.#y, this.#otherX, this.#otherY]) {
      const to = base / 4 + this.#laneOf(i);
      for (let k = 0; k < PAIR_WORDS; k += 2) this.field.words[to + k] = this.field.words[to + k - 1] as number;
    }
  }

  #laneOf(i: number): number {
    return (i >> 1) * PAIR_WORDS + (i & 1);
  }

  #copyToTable(entry: number, x: number, y: number): void {
    const { words } = this.field;
    const to = this.#table / 4 + entry * POINT_WORDS;
    for (let k = 0; k < LIMBS; k++) {
      words[to + k] = words[x + 2 * k] as number;
      words[to + LIMBS + k] = words[y + 2 * k] as number;
    }
  }

  #copyFromTable(xs: number, ys: number, entries: Int32Array): void {
    const { words } = this.field;
    const table = this.#table / 4;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as number;
      const from = table + (entry < 0 ? ~entry : entry) * POINT_WORDS;
      const lane = (i >> 1) * PAIR_WORDS + (i & 1);
      const [x, y] = [xs / 4 + lane, ys / 4 + lane];
      // y or 2p − y, without a branch that would be guessed wrong half of the time.
      const sign = entry < 0 ? -1 : 0;
      let carry = 0;
      for (let k = 0; k < LIMBS; k++) {
        words[x + 2 * k] = words[from + k] as number;
        carry += ((words[from + LIMBS + k] as number) ^ sign) - sign + ((twiceModulus[k] as number) & sign);
        words[y + 2 * k] = carry & LIMB_MASK;
        carry >>= LIMB_BITS;
      }
    }
  }

  /**
   * Packs limbs of 29 bits into eight words. What leaves Montgomery's form is at most p, and p only for 0, which no
   * coordinate of the curve is: its order is prime.
   */
  #writeElement(at: number, bytes: DataView, offset: number): void {
    const { words } = this.field;
    const limb = (k: number): number => words[at + 2 * k] as number;
    for (let word = 0; word < 8; word++) {
      const k = Math.floor((32 * word) / LIMB_BITS);
      const shift = (32 * word) % LIMB_BITS;
      // Word 7 ends with the last limb's 24 bits.
      bytes.setUint32(
        offset + 28 - 4 * word,
        (limb(k) >>> shift) | (k + 1 < LIMBS ? limb(k + 1) << (LIMB_BITS - shift) : 0),
      );
    }
  }
}

/** Replaces one element by `minuend` less it. */
function subtractFrom(minuend: Int32Array, words: Uint32Array, at: number): void {
  let carry = 0;
  for (let k = 0; k < LIMBS; k++) {
    carry += (minuend[k] as number) - (words[at + 2 * k] as number);
    words[at + 2 * k] = carry & LIMB_MASK;
    carry >>= LIMB_BITS;
  }
}
