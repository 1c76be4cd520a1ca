import {
  memoryLayout,
  LIMB_BITS,
  LIMB_MASK,
  LIMBS,
  MONTGOMERY_R,
  PAIR_BYTES,
  poseidon2Module,
  toLimbs,
} from "@sprtn/field-hasher/simd";
import { FQ_MODULUS, invertFq, modFq } from "./fq.js";

/** What is used of the global that every JavaScript engine has and TypeScript's own libraries leave out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  multiply(result: number, a: number, b: number): void;
  square(result: number, a: number): void;
}

const PAGE_BYTES = 65_536;
/** What the module itself keeps in its memory lies below. */
const FREE = 8192;

/** 0p to 7p, limb after limb. */
const multiples = Int32Array.from([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].flatMap(times => toLimbs(times * FQ_MODULUS)));
/** A bit less than one over the modulus's top limb: how often the modulus fits is never estimated too high. */
const RECIPROCAL = 1 / ((multiples[2 * LIMBS - 1] as number) + 1);

/**
 * Arithmetic in BN254's base field on pairs: two independent elements, limb beside limb as `@sprtn/field-hasher/simd`
 * lays them out, in Montgomery's form. The multiplication is that of the hasher's
 * WebAssembly module, which takes its modulus from memory. Elements are addressed by their first byte. 35 ns a product;
 * BigInt takes 270.
 *
 * Bounds, in multiples of p: a product is below 1.5 as long as its factors are below 8; what is `reduced` is below
 * 1.01; only such elements are subtracted.
 */
export class FqLanes {
  /** The whole memory as 32-bit words: word 2k of a pair is limb k of the first element, word 2k + 1 of the second. */
  readonly words: Uint32Array;
  readonly multiply: Exports["multiply"];
  readonly square: Exports["square"];
  /** One in Montgomery's form. */
  readonly one: number;
  /** A product with this leaves Montgomery's form; what comes out is at most p. */
  readonly plainOne: number;
  /** A product with this enters it. */
  readonly toMontgomery: number;
  #free = FREE;

  /** @param bytes of memory that `allocate` can give away in all */
  constructor(bytes: number) {
    const wasm = new WebAssembly.Instance(new WebAssembly.Module(poseidon2Module())).exports as Exports;
    wasm.memory.grow(Math.ceil((FREE + 3 * PAIR_BYTES + bytes) / PAGE_BYTES) - 1);
    this.words = new Uint32Array(wasm.memory.buffer);
    this.multiply = wasm.multiply;
    this.square = wasm.square;
    const wide = new BigInt64Array(wasm.memory.buffer);
    const inverse = negativeInverse();
    wide.fill(BigInt(LIMB_MASK), memoryLayout.mask / 8, memoryLayout.mask / 8 + 2);
    wide.fill(inverse | (inverse << 32n), memoryLayout.inverse / 8, memoryLayout.inverse / 8 + 2);
    this.#write(memoryLayout.modulus, FQ_MODULUS);
    this.one = this.allocate(PAIR_BYTES);
    this.plainOne = this.allocate(PAIR_BYTES);
    this.toMontgomery = this.allocate(PAIR_BYTES);
    this.#write(this.one, MONTGOMERY_R % FQ_MODULUS);
    this.#write(this.plainOne, 1n);
    this.#write(this.toMontgomery, modFq(MONTGOMERY_R * MONTGOMERY_R));
  }

  /** The address of `bytes` unused bytes. */
  allocate(bytes: number): number {
    const address = this.#free;
    this.#free += bytes;
    return address;
  }

  /** Writes `value` to both lanes, in Montgomery's form. */
  write(address: number, value: bigint): void {
    this.#write(address, value);
    this.multiply(address, address, this.toMontgomery);
  }

  copy(out: number, a: number): void {
    const { words } = this;
    for (let k = 0; k < PAIR_BYTES / 4; k++) words[(out >> 2) + k] = words[(a >> 2) + k] as number;
  }

  /** out = a − b + 2p, below 4p; b is below 2p. */
  subtract(out: number, a: number, b: number): void {
    const { words } = this;
    const [o, x, y] = [out >> 2, a >> 2, b >> 2];
    let first = 0;
    let second = 0;
    for (let k = 0; k < LIMBS; k++) {
      const p = multiples[2 * LIMBS + k] as number;
      first += (words[x + 2 * k] as number) - (words[y + 2 * k] as number) + p;
      second += (words[x + 2 * k + 1] as number) - (words[y + 2 * k + 1] as number) + p;
      words[o + 2 * k] = first & LIMB_MASK;
      words[o + 2 * k + 1] = second & LIMB_MASK;
      first >>= LIMB_BITS;
      second >>= LIMB_BITS;
    }
  }

  /** Replaces a by a − b − c, reduced. */
  subtractBoth(a: number, b: number, c: number): void {
    const { words } = this;
    const [x, y, z] = [a >> 2, b >> 2, c >> 2];
    let first = 0;
    let second = 0;
    for (let k = 0; k < LIMBS; k++) {
      const p = multiples[4 * LIMBS + k] as number;
      first += (words[x + 2 * k] as number) - (words[y + 2 * k] as number) - (words[z + 2 * k] as number) + p;
      second +=
        (words[x + 2 * k + 1] as number) - (words[y + 2 * k + 1] as number) - (words[z + 2 * k + 1] as number) + p;
      words[x + 2 * k] = first & LIMB_MASK;
      words[x + 2 * k + 1] = second & LIMB_MASK;
      first >>= LIMB_BITS;
      second >>= LIMB_BITS;
    }
    this.reduce(a);
  }

  /** Subtracts as many p from both elements, below 8p, as their top limbs tell. */
  reduce(address: number): void {
    const { words } = this;
    const o = address >> 2;
    const top = o + 2 * (LIMBS - 1);
    const firstMultiple = LIMBS * Math.trunc((words[top] as number) * RECIPROCAL);
    const secondMultiple = LIMBS * Math.trunc((words[top + 1] as number) * RECIPROCAL);
    let first = 0;
    let second = 0;
    for (let k = 0; k < LIMBS; k++) {
      first += (words[o + 2 * k] as number) - (multiples[firstMultiple + k] as number);
      second += (words[o + 2 * k + 1] as number) - (multiples[secondMultiple + k] as number);
      words[o + 2 * k] = first & LIMB_MASK;
      words[o + 2 * k + 1] = second & LIMB_MASK;
      first >>= LIMB_BITS;
      second >>= LIMB_BITS;
    }
  }

  /** out = 1/a in both lanes, by one inversion; neither is 0. */
  invert(out: number, a: number): void {
    const [first, second] = [this.#read(a, 0), this.#read(a, 1)];
    // Of xR the inverse in Montgomery's form is R²/(xR).
    const both = modFq(invertFq(first * second) * MONTGOMERY_R * MONTGOMERY_R);
    this.#write(out, modFq(both * second), modFq(both * first));
  }

  #read(address: number, lane: number): bigint {
    let value = 0n;
    for (let k = LIMBS - 1; k >= 0; k--)
      value = (value << BigInt(LIMB_BITS)) | BigInt(this.words[address / 4 + 2 * k + lane] as number);
    return value;
  }

  #write(address: number, first: bigint, second = first): void {
    [first, second].forEach((value, lane) =>
      toLimbs(value).forEach((limb, k) => (this.words[address / 4 + 2 * k + lane] = limb)),
    );
  }
}

/** −p^-1 mod 2^29 by Newton's iteration. */
function negativeInverse(): bigint {
  let inverse = 1n;
  for (let bits = 1; bits < LIMB_BITS; bits *= 2)
    inverse = BigInt.asUintN(LIMB_BITS, inverse * (2n - FQ_MODULUS * inverse));
  return BigInt.asUintN(LIMB_BITS, -inverse);
}
