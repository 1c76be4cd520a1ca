import type { Random } from "./random.js";

/**
 * The same bytes for the same seed, on every machine (SplitMix64): for tests, simulation and load, never for keys of
 * anything real.
 */
export class SeededRandom implements Random {
  readonly #seed: bigint;
  #state: bigint;

  constructor(seed: number | bigint) {
    this.#seed = BigInt.asUintN(64, BigInt(seed));
    this.#state = this.#seed;
  }

  bytes(length: number): Uint8Array {
    const out = new Uint8Array(Math.ceil(length / 8) * 8);
    const view = new DataView(out.buffer);
    for (let i = 0; i < length; i += 8) view.setBigUint64(i, this.#next());
    return out.slice(0, length);
  }

  /**
   * A separate source that depends only on this one's seed and on `label`, so that members added later change
   * nothing.
   */
  fork(label: string): SeededRandom {
    let seed = this.#seed;
    for (const char of label) seed = mix(seed + BigInt((char.codePointAt(0) ?? 0) + 1));
    return new SeededRandom(seed);
  }

  #next(): bigint {
    this.#state = BigInt.asUintN(64, this.#state + 0x9e3779b97f4a7c15n);
    return mix(this.#state);
  }
}

/** Spreads every bit of a 64-bit value over all of them. */
function mix(value: bigint): bigint {
  let z = BigInt.asUintN(64, (value ^ (BigInt.asUintN(64, value) >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}
