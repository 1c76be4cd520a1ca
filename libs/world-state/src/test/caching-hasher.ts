import { type Field, type FieldHasher, jsFieldHasher, toHex } from "@sprtn/primitives";

/** Hashes nothing twice: for tests that apply the same blocks again and again. */
export class CachingHasher implements FieldHasher {
  readonly #single = new Map<string, Field>();
  readonly #bulk = new Map<string, Uint8Array>();

  hash(inputs: readonly bigint[]): Field {
    return remember(this.#single, inputs.join(), () => jsFieldHasher.hash(inputs));
  }

  hashPairs(pairs: Uint8Array): Uint8Array {
    return this.hashRows(pairs, 2);
  }

  hashRows(rows: Uint8Array, width: number): Uint8Array {
    const bytes = 32 * width;
    const out = new Uint8Array(rows.length / width);
    for (let row = 0; row < rows.length / bytes; row++) {
      const part = rows.slice(bytes * row, bytes * (row + 1));
      out.set(
        remember(this.#bulk, toHex(part), () => jsFieldHasher.hashRows(part, width)),
        32 * row,
      );
    }
    return out;
  }
}

function remember<T>(known: Map<string, T>, name: string, make: () => T): T {
  const found = known.get(name);
  if (found !== undefined) return found;
  const made = make();
  known.set(name, made);
  return made;
}
