import type { Brand } from "./brand.js";
import { PrimitiveError, PrimitiveErrorCode } from "./primitive-error.js";

/** Lower-case hex with 0x in front, an even number of digits. */
export type Hex = `0x${string}`;
/** 32 bytes as lower-case hex. */
export type Bytes32 = Brand<Hex, "Bytes32">;
/** An Ethereum address as lower-case hex. */
export type EthAddress = Brand<Hex, "EthAddress">;

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
/** Value of a hex digit by its character code; 255 for any other character. */
const digitValues = Uint8Array.from({ length: 128 }, (_, code) =>
  /[0-9a-fA-F]/.test(String.fromCharCode(code)) ? Number.parseInt(String.fromCharCode(code), 16) : 255,
);

/** `bytes` as lower-case hex with 0x in front; no bytes give "0x". */
export function toHex(bytes: Uint8Array): Hex {
  let out = "0x";
  for (const byte of bytes) out += digits[byte];
  return out as Hex;
}

/** Whether `value` is 0x and an even number of hex digits of either case. */
export function isHex(value: string): value is Hex {
  return /^0x([0-9a-fA-F]{2})*$/.test(value);
}

/** The bytes that hex of either case stands for. @throws PrimitiveError BAD_HEX */
export function fromHex(hex: string): Uint8Array {
  if (!hex.startsWith("0x") || hex.length % 2 !== 0) notHex(hex);
  const bytes = new Uint8Array((hex.length - 2) / 2);
  for (let i = 0, at = 2; i < bytes.length; i++, at += 2) {
    const high = digitValues[hex.charCodeAt(at)] ?? 255;
    const low = digitValues[hex.charCodeAt(at + 1)] ?? 255;
    if ((high | low) > 15) notHex(hex);
    bytes[i] = (high << 4) | low;
  }
  return bytes;
}

function notHex(value: string): never {
  throw new PrimitiveError(PrimitiveErrorCode.BAD_HEX, "not hex: give 0x and an even number of digits", {
    value: value.slice(0, 80),
    expected: "hex",
  });
}

function sized<Name extends string>(name: Name, length: number): (value: string) => Brand<Hex, Name> {
  const pattern = new RegExp(`^0x[0-9a-fA-F]{${2 * length}}$`);
  return value => {
    if (!pattern.test(value))
      throw new PrimitiveError(PrimitiveErrorCode.BAD_LENGTH, `not a ${name}: give 0x and ${2 * length} hex digits`, {
        value: value.slice(0, 80),
        expected: `${length} bytes`,
      });
    return value.toLowerCase() as Brand<Hex, Name>;
  };
}

/** Checks 0x and 64 hex digits, and makes them lower-case. @throws PrimitiveError BAD_LENGTH */
export const Bytes32 = sized("Bytes32", 32);
/**
 * Checks 0x and 40 hex digits, and makes them lower-case: no checksum is kept or verified. @throws PrimitiveError
 * BAD_LENGTH
 */
export const EthAddress = sized("EthAddress", 20);

/** Twenty zero bytes: no one's address. */
export const ZERO_ADDRESS = EthAddress(`0x${"00".repeat(20)}`);
/** Thirty-two zero bytes, as contracts give for what is not set. */
export const ZERO_BYTES32 = Bytes32(`0x${"00".repeat(32)}`);

/** `value` as `length` big-endian bytes; it must fit. */
export function uintToBytes(value: bigint | number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let rest = BigInt(value);
  if (rest < 0n) noFit(value, length);
  let end = length;
  for (; end >= 8 && rest !== 0n; end -= 8, rest >>= 64n) view.setBigUint64(end - 8, BigInt.asUintN(64, rest));
  for (; end > 0 && rest !== 0n; end--, rest >>= 8n) bytes[end - 1] = Number(BigInt.asUintN(8, rest));
  if (rest !== 0n) noFit(value, length);
  return bytes;
}

function noFit(value: bigint | number, length: number): never {
  throw new PrimitiveError(PrimitiveErrorCode.OUT_OF_RANGE, `${value} does not fit ${length} bytes`, {
    value: String(value),
    expected: `${length} bytes`,
  });
}

/** Big-endian bytes as an integer ≥ 0; no bytes give 0. */
export function bytesToUint(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  // The odd bytes come first: they are the most significant ones.
  let at = bytes.length % 8;
  let value = 0n;
  for (let i = 0; i < at; i++) value = (value << 8n) | BigInt(bytes[i] as number);
  for (; at < bytes.length; at += 8) value = (value << 64n) | view.getBigUint64(at);
  return value;
}

/** The parts one after another, in new memory. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/**
 * The same memory as a Uint8Array and nothing more: a Buffer's `slice` does not copy, so that who changes its part
 * changes everybody's. For all that comes from a network or a database.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Whether length and content are the same. Not in constant time: not for secrets. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
