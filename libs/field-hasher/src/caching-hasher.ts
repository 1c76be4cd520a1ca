import { bytesToUint, type Field, fieldToBytes } from "@sprtn/primitives";
import type { ClosableFieldHasher } from "./closable-field-hasher.js";

/** Wider rows are hashed each time. A transaction's public inputs are the widest there are. */
const WIDEST = 64;
/**
 * One row of another width for so many tree nodes; those of leaves are as wide as 5, wider ones are a transaction's.
 */
const NODES_A_ROW = 16;
const NODES_A_WIDE_ROW = 128;
const LEAF_WIDTH = 5;

/** Hashes of rows of one width, each in the place that its row points to; a newer one takes it over. */
class Remembered {
  /** A place is the row, then its hash; in words, as that is quicker to compare than bytes. */
  readonly #words: Uint32Array;
  readonly #rowWords: number;
  readonly #mask: number;

  constructor(rows: number, width: number) {
    this.#rowWords = 8 * width;
    this.#words = new Uint32Array(rows * (this.#rowWords + 8));
    this.#mask = rows - 1;
    // The row of zeros must not be found before its hash exists: what lies in its place is not a field.
    this.#words[this.#placeOf(new Uint32Array(this.#rowWords), 0)] = 0xffffffff;
  }

  /** Where the hash of the row at `from` is, for {@link copy}; −1 if it is not known. */
  find(rows: Uint32Array, from: number): number {
    const words = this.#words;
    const place = this.#placeOf(rows, from);
    for (let i = 0; i < this.#rowWords; i++) if (words[place + i] !== rows[from + i]) return -1;
    return place + this.#rowWords;
  }

  copy(found: number, out: Uint32Array, to: number): void {
    for (let i = 0; i < 8; i++) out[to + i] = this.#words[found + i] as number;
  }

  keep(rows: Uint32Array, from: number, hash: Uint32Array): void {
    const place = this.#placeOf(rows, from);
    for (let i = 0; i < this.#rowWords; i++) this.#words[place + i] = rows[from + i] as number;
    this.#words.set(hash, place + this.#rowWords);
  }

  #placeOf(rows: Uint32Array, from: number): number {
    let mixed = 0;
    for (let i = 0; i < this.#rowWords; i++) {
      mixed = Math.imul(mixed ^ (rows[from + i] as number), 0x9e3779b1);
      mixed ^= mixed >>> 15;
    }
    return (mixed & this.#mask) * (this.#rowWords + 8);
  }
}

/**
 * Remembers the latest hashes of another hasher. A block's trees are hashed when it is built, checked, applied and
 * proven, by every node of the process:
 * the same hashes again and again.
 */
export class CachingHasher implements ClosableFieldHasher {
  readonly #remembered = new Map<number, Remembered>();

  /**
   * @param settings rows: how many tree nodes to remember, a power of two from 128 at 96 bytes each; of other rows it
   *   keeps fewer
   */
  constructor(
    private readonly inner: ClosableFieldHasher,
    private readonly settings: { readonly rows: number },
  ) {}

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
    if (width < 1 || width > WIDEST || rows.length % rowBytes !== 0) return this.inner.hashRows(rows, width);
    const remembered = this.#of(width);
    const words = wordsOf(rows);
    const out = new Uint8Array(rows.length / width);
    const outWords = wordsOf(out);
    const missing: number[] = [];
    for (let row = 0; row < out.length / 32; row++) {
      const found = remembered.find(words, 8 * width * row);
      if (found < 0) missing.push(row);
      else remembered.copy(found, outWords, 8 * row);
    }
    if (missing.length === 0) return out;
    const hashes = this.inner.hashRows(
      missing.length * rowBytes === rows.length ? rows : picked(rows, rowBytes, missing),
      width,
    );
    missing.forEach((row, i) => out.set(hashes.subarray(32 * i, 32 * i + 32), 32 * row));
    for (const row of missing) remembered.keep(words, 8 * width * row, outWords.subarray(8 * row, 8 * row + 8));
    return out;
  }

  #of(width: number): Remembered {
    let remembered = this.#remembered.get(width);
    if (remembered === undefined) {
      const rows =
        width === 2 ? this.settings.rows : this.settings.rows / (width <= LEAF_WIDTH ? NODES_A_ROW : NODES_A_WIDE_ROW);
      this.#remembered.set(width, (remembered = new Remembered(rows, width)));
    }
    return remembered;
  }

  close(): void {
    this.inner.close();
  }
}

/** The bytes as words, in whatever order this machine has; copied only if they do not lie on a word's boundary. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

function picked(rows: Uint8Array, rowBytes: number, chosen: readonly number[]): Uint8Array {
  const out = new Uint8Array(chosen.length * rowBytes);
  chosen.forEach((row, i) => out.set(rows.subarray(row * rowBytes, (row + 1) * rowBytes), i * rowBytes));
  return out;
}
