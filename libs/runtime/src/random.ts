/**
 * Randomness as everything above the adapters sees it: cryptographically secure in a node, seeded in tests and
 * simulation.
 */
export interface Random {
  bytes(length: number): Uint8Array;
}

/** A number in [0, 1) with 32 bits of resolution. */
export function randomFraction(random: Random): number {
  return readU32(random) / 2 ** 32;
}

/** A whole number in [0, `bound`), every one as likely; 1 ≤ `bound` ≤ 2^32. */
export function randomBelow(random: Random, bound: number): number {
  // Values at the top would make the small remainders likelier: draw again.
  const limit = 2 ** 32 - (2 ** 32 % bound);
  for (;;) {
    const value = readU32(random);
    if (value < limit) return value % bound;
  }
}

function readU32(random: Random): number {
  const bytes = random.bytes(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
}
