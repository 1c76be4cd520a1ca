import { bytesToUint, type Field, fieldToBytes } from "@sprtn/primitives";
import type { ClosableFieldHasher } from "../closable-field-hasher.js";
import { HasherError, HasherErrorCode } from "../hasher-error.js";
import { LIMBS, LimbWords, PAIR_BYTES, toMontgomery } from "./limbs.js";
import { at, writeConstants, writePairs } from "./memory-layout.js";
import { poseidon2Module } from "./poseidon2-module.js";

/** What is used of the global that every JavaScript engine has and TypeScript's own libraries leave out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  multiply(result: number, a: number, b: number): void;
  permute(): void;
}

/** Inputs absorbed at once. */
const RATE = 3;

/**
 * Poseidon2 in WebAssembly's 128-bit vectors, two hashes at a time, in this process and on this thread: no messages, no
 * other process, no file to load.
 * The hashes are Barretenberg's, as the compliance suite shows.
 */
export class SimdFieldHasher implements ClosableFieldHasher {
  private readonly wasm: Exports;
  private readonly limbs: LimbWords;

  constructor() {
    this.wasm = new WebAssembly.Instance(new WebAssembly.Module(poseidon2Module())).exports as Exports;
    this.limbs = new LimbWords(new Uint32Array(this.wasm.memory.buffer));
    writeConstants(this.wasm.memory.buffer);
  }

  hash(inputs: readonly bigint[]): Field {
    const row = new Uint8Array(32 * inputs.length);
    inputs.forEach((input, i) => row.set(fieldToBytes(input as Field), 32 * i));
    return bytesToUint(this.hashRows(row, inputs.length)) as Field;
  }

  hashPairs(pairs: Uint8Array): Uint8Array {
    return this.hashRows(pairs, 2);
  }

  hashRows(rows: Uint8Array, width: number): Uint8Array {
    const rowBytes = 32 * width;
    if (width < 1 || rows.length % rowBytes !== 0)
      throw new HasherError(
        HasherErrorCode.BAD_LENGTH,
        `${rows.length} bytes are not rows of ${width} fields: give a multiple of ${rowBytes} bytes`,
        { length: rows.length, width },
      );
    const view = new DataView(rows.buffer, rows.byteOffset, rows.length);
    const out = new Uint8Array(rows.length / width);
    const written = new DataView(out.buffer);
    const capacity = toMontgomery(BigInt(width) << 64n);
    for (let row = 0; row < out.length / 32; row += 2) {
      // The last row of an odd number of them is hashed twice.
      const other = Math.min(row + 1, out.length / 32 - 1);
      this.sponge(view, [row * rowBytes, other * rowBytes], { width, capacity });
      this.wasm.multiply(at.input, at.state, at.fromMontgomery);
      this.limbs.write(at.input / 4, written, 32 * row);
      if (other > row) this.limbs.write(at.input / 4 + 1, written, 32 * other);
    }
    return out;
  }

  /** Leaves the state after the last permutation. */
  private sponge(
    view: DataView,
    [first, second]: readonly [number, number],
    { width, capacity }: { readonly width: number; readonly capacity: bigint },
  ): void {
    const { limbs, wasm } = this;
    const { words } = limbs;
    words.fill(0, at.state / 4, (at.state + RATE * PAIR_BYTES) / 4);
    writePairs(wasm.memory.buffer, at.state + RATE * PAIR_BYTES, [capacity]);
    for (let from = 0; from < width; from += RATE) {
      // The permutation leaves up to 21p; it takes little more than p.
      if (from > 0)
        for (let e = 0; e <= RATE; e++) wasm.multiply(at.state + e * PAIR_BYTES, at.state + e * PAIR_BYTES, at.one);
      for (let i = 0; i < Math.min(RATE, width - from); i++) {
        const element = (at.state + i * PAIR_BYTES) / 4;
        const input = at.input / 4;
        limbs.read(view, first + 32 * (from + i), input);
        limbs.read(view, second + 32 * (from + i), input + 1);
        wasm.multiply(at.input, at.input, at.toMontgomery);
        for (let k = 0; k < 2 * LIMBS; k++)
          words[element + k] = (words[element + k] as number) + (words[input + k] as number);
      }
      wasm.permute();
    }
  }

  close(): void {}
}
