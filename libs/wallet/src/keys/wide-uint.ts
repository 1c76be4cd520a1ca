import { bytesToUint, type Field, FIELD_MODULUS } from "@sprtn/primitives";
import type { Random } from "@sprtn/ports";

/** 48 bytes or more as an integer: wide enough that reducing it modulo a 254-bit prime leaves no bias. */
export function wideUint(bytes: Uint8Array): bigint {
  return bytesToUint(bytes);
}

export function randomField(random: Random): Field {
  return (wideUint(random.bytes(48)) % FIELD_MODULUS) as Field;
}
