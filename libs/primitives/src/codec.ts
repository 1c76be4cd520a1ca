import { Bytes32, bytesToUint, fromHex, toHex, uintToBytes } from "./bytes.js";
import { outOfRange } from "./primitive-error.js";

/**
 * A value as bytes and back. Of keys, the bytes must sort as the values do; a fixed length makes them safe to put one
 * after another.
 */
export interface Codec<T> {
  encode(value: T): Uint8Array;
  /** @throws a coded error for bytes that are no such value */
  decode(bytes: Uint8Array): T;
}

/** 4 bytes, big-endian. `unit` is the branded constructor: `u32Codec(BlockNumber)`. */
export function u32Codec<T extends number>(unit: (value: number) => T): Codec<T> {
  return {
    encode: value => uintToBytes(value, 4),
    decode: bytes =>
      bytes.length === 4 ? unit(Number(bytesToUint(bytes))) : outOfRange("u32", `${bytes.length} bytes`, "4 bytes"),
  };
}

/** A whole number ≥ 0 in `length` bytes, big-endian. */
export function uintCodec(length: number): Codec<bigint> {
  return {
    encode: value => uintToBytes(value, length),
    decode: bytes =>
      bytes.length === length ? bytesToUint(bytes) : outOfRange("integer", `${bytes.length} bytes`, `${length} bytes`),
  };
}

/** 32 bytes as they are. */
export const bytes32Codec: Codec<Bytes32> = { encode: fromHex, decode: bytes => Bytes32(toHex(bytes)) };

/** Text in UTF-8; bytes that are none decode to replacement characters. */
export const utf8Codec: Codec<string> = {
  encode: text => new TextEncoder().encode(text),
  decode: bytes => new TextDecoder().decode(bytes),
};

/** Bytes as they are, not copied. */
export const bytesCodec: Codec<Uint8Array> = { encode: bytes => bytes, decode: bytes => bytes };
