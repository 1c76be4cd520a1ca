import { bytesToUint } from "@sprtn/primitives";

/** Reads big-endian values one after another; the caller has checked the total length. */
export class ByteReader {
  #offset = 0;

  constructor(private readonly source: Uint8Array) {}

  bytes(length: number): Uint8Array {
    const part = this.source.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return part;
  }

  uint(length: number): bigint {
    return bytesToUint(this.bytes(length));
  }

  number(length: number): number {
    return Number(this.uint(length));
  }
}
