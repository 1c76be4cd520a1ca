import type { Brand } from "./brand.js";
import { outOfRange } from "./primitive-error.js";

const U32 = 2 ** 32;

/** Index of a slot since genesis, u32. */
export type Slot = Brand<number, "Slot">;
/** Index of an epoch since genesis, u32. */
export type Epoch = Brand<number, "Epoch">;
/** Height of an L2 block; genesis is 0. u32. */
export type BlockNumber = Brand<number, "BlockNumber">;
/** Height of an L1 block. */
export type L1BlockNumber = Brand<number, "L1BlockNumber">;
/** Seconds since 1970-01-01 UTC, a whole number. */
export type UnixSeconds = Brand<number, "UnixSeconds">;
/** A span of seconds, a whole number. */
export type Seconds = Brand<number, "Seconds">;
/** An amount of ether or of L2-AZT, in 10^-18, below 2^256. */
export type Wei = Brand<bigint, "Wei">;

function u32<Name extends string>(name: Name): (value: number) => Brand<number, Name> {
  return value => {
    if (!Number.isInteger(value) || value < 0 || value >= U32) outOfRange(name, value, "a whole number below 2^32");
    return value as Brand<number, Name>;
  };
}

function count<Name extends string>(name: Name): (value: number) => Brand<number, Name> {
  return value => {
    if (!Number.isSafeInteger(value) || value < 0) outOfRange(name, value, "a whole number ≥ 0");
    return value as Brand<number, Name>;
  };
}

/** Brands a whole number below 2^32. @throws PrimitiveError OUT_OF_RANGE */
export const Slot = u32("Slot");
/** Brands a whole number below 2^32. @throws PrimitiveError OUT_OF_RANGE */
export const Epoch = u32("Epoch");
/** Brands a whole number below 2^32. @throws PrimitiveError OUT_OF_RANGE */
export const BlockNumber = u32("BlockNumber");
/** Brands a whole number from 0 that a double holds exactly. @throws PrimitiveError OUT_OF_RANGE */
export const L1BlockNumber = count("L1BlockNumber");
/** Brands a whole number from 0 that a double holds exactly. @throws PrimitiveError OUT_OF_RANGE */
export const UnixSeconds = count("UnixSeconds");
/** Brands a whole number from 0 that a double holds exactly. @throws PrimitiveError OUT_OF_RANGE */
export const Seconds = count("Seconds");

/** Brands an integer from 0 to below 2^256. @throws PrimitiveError OUT_OF_RANGE */
export function Wei(value: bigint): Wei {
  if (value < 0n || value >> 256n !== 0n) outOfRange("Wei", value, "0 ≤ wei < 2^256");
  return value as Wei;
}
