/** Order of the curve, halved: greater values of s are malleable twins. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

export interface SignatureParts {
  /** r ‖ s, 64 bytes. */
  readonly rs: Uint8Array;
  readonly yParity: 0 | 1;
}

/** `undefined` for a wrong length or an s in the upper half. */
export function splitCompact(compact: Uint8Array): SignatureParts | undefined {
  if (compact.length !== 64) return undefined;
  const rs = Uint8Array.from(compact);
  const top = rs[32] as number;
  rs[32] = top & 0x7f;
  let s = 0n;
  for (let i = 32; i < 64; i++) s = (s << 8n) | BigInt(rs[i] as number);
  return s > HALF_ORDER ? undefined : { rs, yParity: top >> 7 === 1 ? 1 : 0 };
}

export function joinCompact({ rs, yParity }: SignatureParts): Uint8Array {
  const compact = Uint8Array.from(rs);
  compact[32] = (compact[32] as number) | (yParity << 7);
  return compact;
}
