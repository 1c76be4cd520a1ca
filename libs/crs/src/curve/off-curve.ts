import { LIMBS, LimbWords, PAIR_BYTES, toLimbs } from "@sprtn/field-hasher/simd";
import { FQ_MODULUS } from "./fq.js";
import { FqLanes } from "./fq-lanes.js";

/**
 * The index of the first of `points` (64 bytes each) that does not satisfy y² = x³ + 3 with reduced coordinates; −1 if
 * all do. 2^17 points take about 30 ms.
 */
export function firstOffCurve(points: Uint8Array): number {
  const field = new FqLanes(5 * PAIR_BYTES);
  const [x, y, left, right, three] = Array.from({ length: 5 }, () => field.allocate(PAIR_BYTES)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  field.write(three, 3n);
  const limbs = new LimbWords(field.words);
  const view = new DataView(points.buffer, points.byteOffset, points.length);
  const count = points.length / 64;
  for (let i = 0; i < count; i += 2) {
    const other = Math.min(i + 1, count - 1);
    for (const [lane, index] of [i, other].entries()) {
      limbs.read(view, 64 * index, x / 4 + lane);
      limbs.read(view, 64 * index + 32, y / 4 + lane);
    }
    field.multiply(x, x, field.toMontgomery);
    field.multiply(y, y, field.toMontgomery);
    field.square(left, y);
    field.square(right, x);
    field.multiply(right, right, x);
    field.subtractBoth(left, right, three);
    field.multiply(left, left, field.plainOne);
    for (const [lane, index] of [i, other].entries())
      if (!isReduced(view, 64 * index) || !isReduced(view, 64 * index + 32) || !isZero(field.words, left / 4 + lane))
        return index;
  }
  return -1;
}

const modulus = toLimbs(FQ_MODULUS);
const modulusHigh = FQ_MODULUS >> 192n;

function isReduced(view: DataView, offset: number): boolean {
  const high = view.getBigUint64(offset);
  if (high !== modulusHigh) return high < modulusHigh;
  const low =
    (view.getBigUint64(offset + 8) << 128n) | (view.getBigUint64(offset + 16) << 64n) | view.getBigUint64(offset + 24);
  return low < FQ_MODULUS % 2n ** 192n;
}

/** Whether what left Montgomery's form is 0, for which it may be p. */
function isZero(words: Uint32Array, at: number): boolean {
  let any = 0;
  let other = 0;
  for (let k = 0; k < LIMBS; k++) {
    any |= words[at + 2 * k] as number;
    other |= (words[at + 2 * k] as number) ^ (modulus[k] as number);
  }
  return any === 0 || other === 0;
}
