/**
 * Modulus of BN254's base field, in which points have their coordinates; that of the scalars is `FIELD_MODULUS`.
 * Source: EIP-197.
 */
export const FQ_MODULUS = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n;

/** An affine point of y² = x³ + 3; never the one at infinity. */
export interface CurvePoint {
  readonly x: bigint;
  readonly y: bigint;
}

export const GENERATOR: CurvePoint = { x: 1n, y: 2n };

/** `value`'s remainder, never negative. */
export function modFq(value: bigint): bigint {
  const rest = value % FQ_MODULUS;
  return rest < 0n ? rest + FQ_MODULUS : rest;
}

/** 1/`value` by Euclid's algorithm; `value` is not 0. */
export function invertFq(value: bigint): bigint {
  let [a, b] = [modFq(value), FQ_MODULUS];
  let [u, v] = [1n, 0n];
  while (a !== 1n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [u, v] = [v - quotient * u, u];
  }
  return modFq(u);
}

export function doublePoint({ x, y }: CurvePoint): CurvePoint {
  const slope = modFq(3n * x * x * invertFq(2n * y));
  const doubled = modFq(slope * slope - 2n * x);
  return { x: doubled, y: modFq(slope * (x - doubled) - y) };
}
