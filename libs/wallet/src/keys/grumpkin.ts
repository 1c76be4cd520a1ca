import { weierstrass } from "@noble/curves/abstract/weierstrass.js";
import { type Field, FIELD_MODULUS } from "@sprtn/primitives";
import type { GrumpkinPoint } from "@sprtn/protocol";
import type { Random } from "@sprtn/ports";
import { WalletError, WalletErrorCode } from "../wallet-error.js";
import { wideUint } from "./wide-uint.js";

/** Order of Grumpkin's group: the BN254 base field modulus. */
export const GRUMPKIN_ORDER = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** y² = x³ − 17 over the BN254 scalar field, with Barretenberg's and Noir's generator. */
const Point = weierstrass({
  p: FIELD_MODULUS,
  n: GRUMPKIN_ORDER,
  h: 1n,
  a: 0n,
  b: FIELD_MODULUS - 17n,
  Gx: 1n,
  Gy: 17631683881184975370165255887551781615748388533673675138860n,
});

const toPoint = ({ x, y }: { x: bigint; y: bigint }): GrumpkinPoint => ({ x: x as Field, y: y as Field });

/** `scalar·G`, 1 ≤ scalar < order. */
export function publicPoint(scalar: bigint): GrumpkinPoint {
  return toPoint(Point.BASE.multiply(scalar).toAffine());
}

/** `scalar·point`. @throws WalletError BAD_ADDRESS for coordinates that are not a point of the curve */
export function sharedPoint(scalar: bigint, point: GrumpkinPoint): GrumpkinPoint {
  if (!onCurve(point))
    throw new WalletError(
      WalletErrorCode.BAD_ADDRESS,
      "a viewing key is not a point of Grumpkin: ask the recipient for the address again",
    );
  return toPoint(Point.fromAffine(point).multiply(scalar).toAffine());
}

export function onCurve({ x, y }: GrumpkinPoint): boolean {
  const { Fp } = Point;
  return Fp.eql(Fp.sqr(y), rightSide(x));
}

/** The point with this x and an even (or odd) y; none for most random x's other half. */
export function pointFromX(x: Field, odd = false): GrumpkinPoint | undefined {
  const { Fp } = Point;
  const square = rightSide(x);
  // Euler's criterion first: noble's sqrt throws for a non-square.
  if (!Fp.is0(square) && !Fp.eql(Fp.pow(square, (FIELD_MODULUS - 1n) / 2n), Fp.ONE)) return undefined;
  const y = Fp.sqrt(square);
  return toPoint({ x, y: (y & 1n) === (odd ? 1n : 0n) ? y : Fp.neg(y) });
}

/** Uniform in 1 … order − 1. */
export function randomScalar(random: Random): bigint {
  return (wideUint(random.bytes(48)) % (GRUMPKIN_ORDER - 1n)) + 1n;
}

function rightSide(x: bigint): bigint {
  const { Fp } = Point;
  return Fp.add(Fp.mul(Fp.sqr(x), x), FIELD_MODULUS - 17n);
}
