import type { Brand } from "./brand.js";
import { bytesToUint, type EthAddress, EthAddress as asEthAddress, uintToBytes } from "./bytes.js";
import { outOfRange } from "./primitive-error.js";

/** Order of the BN254 scalar field. */
export const FIELD_MODULUS = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;

/** An integer below {@link FIELD_MODULUS}; 32 bytes big-endian wherever it becomes bytes. */
export type Field = Brand<bigint, "Field">;

/** Brands an integer from 0 to below FIELD_MODULUS. @throws PrimitiveError OUT_OF_RANGE; nothing is reduced */
export function Field(value: bigint | number): Field {
  const big = BigInt(value);
  if (big < 0n || big >= FIELD_MODULUS) outOfRange("Field", value, "0 ≤ x < the BN254 scalar modulus");
  return big as Field;
}

/** The field element 0: "absent" in most of the protocol's structures. */
export const ZERO_FIELD = Field(0n);

/** Whether `value` is from 0 to below FIELD_MODULUS. */
export function isField(value: bigint): value is Field {
  return value >= 0n && value < FIELD_MODULUS;
}

/** 32 bytes, big-endian. */
export function fieldToBytes(field: Field): Uint8Array {
  return uintToBytes(field, 32);
}

/** The field that 32 big-endian bytes stand for. @throws PrimitiveError OUT_OF_RANGE, also for another length */
export function fieldFromBytes(bytes: Uint8Array): Field {
  if (bytes.length !== 32) outOfRange("Field", `${bytes.length} bytes`, "32 bytes");
  return Field(bytesToUint(bytes));
}

/** 0x and 64 digits. */
export function fieldToHex(field: Field): `0x${string}` {
  return `0x${field.toString(16).padStart(64, "0")}`;
}

/** a + b modulo FIELD_MODULUS, for a and b ≥ 0. */
export function addFields(a: bigint, b: bigint): Field {
  return ((a + b) % FIELD_MODULUS) as Field;
}

/** a − b modulo FIELD_MODULUS. */
export function subFields(a: bigint, b: bigint): Field {
  return ((((a - b) % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS) as Field;
}

/** An Ethereum address as a field: its 160 bits. */
export function addressToField(address: EthAddress): Field {
  return BigInt(address) as Field;
}

/** The Ethereum address in a field's low 160 bits. @throws PrimitiveError OUT_OF_RANGE if a higher bit is set */
export function addressFromField(field: Field): EthAddress {
  if (field >> 160n !== 0n) outOfRange("EthAddress", field, "a field below 2^160");
  return asEthAddress(`0x${field.toString(16).padStart(40, "0")}`);
}
