import {
  BlockNumber,
  type Brand,
  Epoch,
  EthAddress,
  type Field,
  fieldToHex,
  fromHex,
  isField,
  Seconds,
  Slot,
  toHex,
  UnixSeconds,
  Wei,
} from "@sprtn/primitives";
import * as z from "zod/mini";

/** Each schema decodes JSON to the domain's type and encodes it back; both sides are checked. */

const U32_MAX = 2 ** 32 - 1;

/** A field or hash: 0x and 64 hex digits. */
export const field = z.codec(
  z.string().check(z.regex(/^0x[0-9a-fA-F]{64}$/, "not 0x and 64 hex digits")),
  z.custom<Field>(value => typeof value === "bigint" && isField(value), "not a field"),
  { decode: hex => BigInt(hex) as Field, encode: fieldToHex },
);

/** Bytes: 0x and an even number of hex digits, at most `max` bytes. */
export function bytes(max: number) {
  return z.codec(
    z
      .string()
      .check(
        z.maxLength(2 + 2 * max, `longer than ${max} bytes`),
        z.regex(/^0x([0-9a-fA-F]{2})*$/, "not 0x and an even number of hex digits"),
      ),
    z.custom<Uint8Array>(value => value instanceof Uint8Array, "not bytes"),
    { decode: fromHex, encode: toHex },
  );
}

/** Below 2^`bits`, as a decimal string: JSON's numbers are too small. */
export function uint(bits: number) {
  const within = (value: unknown) => typeof value === "bigint" && value >= 0n && value >> BigInt(bits) === 0n;
  const domain = z.custom<bigint>(within, `not a whole number below 2^${bits}`);
  return z.codec(
    z
      .string()
      .check(z.maxLength(80, "more than 80 digits"), z.regex(/^(0|[1-9][0-9]*)$/, "not a decimal number in a string")),
    domain,
    { decode: text => BigInt(text), encode: String },
  );
}

/** 256 bits, as a decimal string. */
export const wei = z.codec(
  uint(256),
  z.custom<Wei>(value => typeof value === "bigint"),
  { decode: Wei, encode: value => value },
);

/** An Ethereum address: 0x and 40 hex digits of either case, read as lower case. */
export const address = z.codec(
  z.string().check(z.regex(/^0x[0-9a-fA-F]{40}$/, "not 0x and 40 hex digits")),
  z.custom<EthAddress>(isAddress, "not an Ethereum address"),
  { decode: EthAddress, encode: value => value },
);

function isAddress(value: unknown): boolean {
  return typeof value === "string" && /^0x[0-9a-f]{40}$/.test(value);
}

/** A branded whole number from 0 to `max`, as a JSON number. */
function count<Name extends string>(make: (value: number) => Brand<number, Name>, max: number) {
  const domain = z.custom<Brand<number, Name>>(
    value => Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max,
    `not a whole number from 0 to ${max}`,
  );
  return z.codec(whole(max), domain, { decode: make, encode: value => value });
}

/** Height of an L2 block, a u32 as a JSON number. */
export const blockNumber = count(BlockNumber, U32_MAX);
/** A slot since genesis, a u32 as a JSON number. */
export const slot = count(Slot, U32_MAX);
/** An epoch since genesis, a u32 as a JSON number. */
export const epoch = count(Epoch, U32_MAX);
/** Seconds since 1970 as a JSON number. */
export const unixSeconds = count(UnixSeconds, Number.MAX_SAFE_INTEGER);
/** A span of seconds as a JSON number. */
export const seconds = count(Seconds, Number.MAX_SAFE_INTEGER);
/** A plain u32. */
export const u32 = whole(U32_MAX);

/** A JSON number without a fraction, from 0 to `max`, or from `min`. */
export function whole(max: number, min = 0) {
  const message = `not a whole number from ${min} to ${max}`;
  return z.int(message).check(z.gte(min, message), z.lte(max, message));
}
