import { bytesToUint, type Field, fieldToBytes } from "@sprtn/primitives";
import type { ClosableFieldHasher } from "./closable-field-hasher.js";
import { HasherError, HasherErrorCode } from "./hasher-error.js";
import { hashOfResponse, Poseidon2Request } from "./poseidon2-request.js";

/** One synchronous call into Barretenberg: a msgpack command in, a msgpack response out. */
export interface BarretenbergCall {
  call(request: Uint8Array): Uint8Array;
  destroy(): void;
}

/** Poseidon2 through Barretenberg, one command a hash (it knows none for many), in buffers that are made once. */
export abstract class BarretenbergHasher implements ClosableFieldHasher {
  private readonly requests = new Map<number, Poseidon2Request>();

  protected constructor(private readonly barretenberg: BarretenbergCall) {}

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
    let request = this.requests.get(width);
    if (request === undefined) this.requests.set(width, (request = new Poseidon2Request(width)));
    const out = new Uint8Array(rows.length / width);
    for (let from = 0, to = 0; to < out.length; from += rowBytes, to += 32) {
      request.fill(rows, from);
      out.set(hashOfResponse(this.barretenberg.call(request.bytes)), to);
    }
    return out;
  }

  close(): void {
    this.barretenberg.destroy();
  }
}
