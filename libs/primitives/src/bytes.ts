import type { Brand } from "./brand.js";
import { PrimitiveError, PrimitiveErrorCode } from "./primitive-error.js";

/** Lower-case hex with 0x in front, an even number of digits. */
export type Hex = `0x${string}`;
/** 32 bytes as lower-case hex. */
export type Bytes32 = Brand<Hex, "Bytes32">;
/** An Ethereum address as lower-case hex. */
export type EthAddress = Brand<Hex, "EthAddress">;

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function toHex(bytes: Uint8Array): Hex {
  let out = "0x";
  for (const byte of bytes) out += digits[byte];
  return out as Hex;
}

export function isHex(value: string): value is Hex {
  return /^0x([0-9a-fA-F]{2})*$/.test(value);
}

export function fromHex(hex: string): Uint8Array {
  if (!isHex(hex)) throw new PrimitiveError(PrimitiveErrorCode.BAD_HEX, "not hex: give 0x and an even number of digits", { value: hex.slice(0, 80), expected: "hex" });
  const bytes = new Uint8Array((hex.length - 2) / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 + 2 * i, 4 + 2 * i), 16);
  return bytes;
}

function sized<Name extends string>(name: Name, length: number): (value: string) => Brand<Hex, Name> {
  const pattern = new RegExp(`^0x[0-9a-fA-F]{${2 * length}}$`);
  return value => {
    if (!pattern.test(value)) throw new PrimitiveError(PrimitiveErrorCode.BAD_LENGTH, `not a ${name}: give 0x and ${2 * length} hex digits`, { value: value.slice(0, 80), expected: `${length} bytes` });
    return value.toLowerCase() as Brand<Hex, Name>;
  };
}

export const Bytes32 = sized("Bytes32", 32);
export const EthAddress = sized("EthAddress", 20);

export const ZERO_ADDRESS = EthAddress(`0x${"00".repeat(20)}`);
export const ZERO_BYTES32 = Bytes32(`0x${"00".repeat(32)}`);

/** `value` as `length` big-endian bytes; it must fit. */
export function uintToBytes(value: bigint | number, length: number): Uint8Array {
  const hex = BigInt(value).toString(16);
  if (BigInt(value) < 0n || hex.length > 2 * length) {
    throw new PrimitiveError(PrimitiveErrorCode.OUT_OF_RANGE, `${value} does not fit ${length} bytes`, { value: String(value), expected: `${length} bytes` });
  }
  return fromHex(`0x${hex.padStart(2 * length, "0")}`);
}

export function bytesToUint(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(toHex(bytes));
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
